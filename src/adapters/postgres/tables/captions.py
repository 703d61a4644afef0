"""The caption ledger, the paid answers, and the consent of users. Their SQL is in the files of their ports."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)

from adapters.postgres.tables.base import metadata, timestamp_column

# The ledger refers to image and user by id without foreign keys. It outlives both and waits for no lock of theirs.
caption_calls = Table(
    "caption_calls",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("picture", LargeBinary, nullable=False),
    Column("model", Text, nullable=False),
    Column("prompt_version", Text, nullable=False),
    Column("image_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    timestamp_column("began_at"),
    Column("usd", Numeric, nullable=False),
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("outcome", Text, nullable=False),
    CheckConstraint("outcome in ('open', 'answered', 'declined', 'unusable', 'lost', 'failed')", name="outcome"),
    CheckConstraint("usd >= 0", name="usd"),
    Index("caption_calls_began_at_idx", "began_at", postgresql_include=["user_id", "usd"]),
    Index("caption_calls_open_idx", "picture", postgresql_where=text("outcome = 'open'")),
)

caption_drafts = Table(
    "caption_drafts",
    metadata,
    Column("picture", LargeBinary, primary_key=True),
    Column("model", Text, primary_key=True),
    Column("prompt_version", Text, primary_key=True),
    Column("alt_text", Text),
    Column("source", Text),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("declined", Boolean, nullable=False),
    CheckConstraint("(alt_text is null) = (source is null)", name="source"),
)

consents = Table(
    "consents",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("captions", Text, nullable=False),
    Column("followers_only", Boolean, nullable=False),
    timestamp_column("decided_at"),
    CheckConstraint("captions in ('none', 'offline', 'service')", name="captions"),
)
