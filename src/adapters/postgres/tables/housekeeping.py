"""What the house itself remembers."""

from sqlalchemy import ARRAY, Column, Index, Integer, LargeBinary, SmallInteger, Table, Text

from adapters.postgres.tables.base import metadata, moment

orphan_blobs = Table(
    "orphan_blobs",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    moment("noted_at"),
    Index("orphan_blobs_noted_at_idx", "noted_at"),
)

counter_checks = Table(
    "counter_checks",
    metadata,
    Column("counter", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    moment("checked_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    moment("since"),
    Column("status", SmallInteger),
    Column("headers", ARRAY(Text)),
    Column("body", LargeBinary),
    Index("answers_since_idx", "since"),
)
