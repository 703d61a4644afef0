"""Tables for maintenance."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from adapters.postgres.tables.base import metadata, timestamp_column

orphan_blobs = Table(
    "orphan_blobs",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    timestamp_column("noted_at"),
    timestamp_column("claimed_until", nullable=True),
    Index("orphan_blobs_noted_at_idx", "noted_at"),
)

deletion_pauses = Table("deletion_pauses", metadata, Column("id", Uuid, primary_key=True), timestamp_column("until"))

# One row: the id by which backups recognize their installation.
installation = Table(
    "installation",
    metadata,
    Column("single", Boolean, primary_key=True, server_default=text("true")),
    Column("id", Uuid, nullable=False),
    CheckConstraint("single", name="single"),
)

counter_checks = Table(
    "counter_checks",
    metadata,
    Column("counter", Text, primary_key=True),
    Column("wrong", Integer, nullable=False),
    timestamp_column("checked_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    timestamp_column("since"),
    Column("status", SmallInteger),
    Column("headers", ARRAY(Text)),
    Column("body", LargeBinary),
    Column("claim_id", Uuid),
    Index("answers_since_idx", "since"),
)

# One row, which the migrations write (`alembic_runner.py`).
schema_support = Table(
    "schema_support",
    metadata,
    Column("id", Boolean, primary_key=True, server_default=text("true")),
    Column("oldest_release", Text, nullable=False),
    CheckConstraint("id", name="id"),
)

desired_models = Table(
    "desired_models",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("temperature", Double, nullable=False),
    Column("file", LargeBinary),
    Column("installer", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    timestamp_column("set_at"),
)

maintenance_runs = Table(
    "maintenance_runs",
    metadata,
    Column("task", Text, primary_key=True),
    timestamp_column("began_at"),
)

rising_tag_lists = Table(
    "rising_tag_lists",
    metadata,
    Column("name", Text, primary_key=True),
    timestamp_column("computed_at"),
    Column("tags", Text, nullable=False),
)
