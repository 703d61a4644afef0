"""Tables for rate limits and quotas."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, Table

from adapters.postgres.tables.base import FILLFACTOR, metadata, timestamp_column

# Unlogged: after a crash all counts start from zero.
rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    timestamp_column("free_at"),
    prefixes=["UNLOGGED"],
    postgresql_with=FILLFACTOR,
)

known_origins = Table(
    "known_origins",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    timestamp_column("noted_at"),
    Index("known_origins_noted_at_idx", "noted_at"),
)

daily_uploads = Table(
    "daily_uploads",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("images", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Index("daily_uploads_day_idx", "day"),
    postgresql_with=FILLFACTOR,
)
