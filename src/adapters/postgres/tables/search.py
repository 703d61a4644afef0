"""The search index of posts; `search_index.py` writes it."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import TSVECTOR

from adapters.postgres.tables.base import metadata

search_documents = Table(
    "search_documents",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("words", TSVECTOR, nullable=False),
    # The `domain.search.INDEX_VERSION` with which the row was computed.
    Column("version", SmallInteger, nullable=False, server_default=text("0")),
    # Without a list of pending entries, which each search would have to read too.
    Index("search_documents_words_idx", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

post_tags = Table(
    "post_tags",
    metadata,
    Column("tag", Text, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("by_human", Boolean, nullable=False),
    Column("by_model", Boolean, nullable=False),
    # The tag as its author typed it.
    Column("typed", Text),
    CheckConstraint("by_human or by_model", name="said"),
    Index("post_tags_post_id_idx", "post_id"),
)
