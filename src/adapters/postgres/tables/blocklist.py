"""The blocklist of known images, and the hashes and screenings of uploads."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import BIT

from adapters.postgres.hash_keys import PLACES
from adapters.postgres.tables.base import metadata, timestamp_column


def _key_indexes(table: str) -> list[Index]:
    """Return an index for each piece of a hash, see `hash_keys.py`."""
    return [Index(f"{table}_key_{place}_idx", text(f"(keys[{place + 1}])")) for place in PLACES]


blocklist_entries = Table(
    "blocklist_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("value", BIT(varying=True), nullable=False),
    Column("keys", ARRAY(Integer), nullable=False),
    Column("reason", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("added_by", Text, nullable=False),
    timestamp_column("added_at"),
    Column("applied", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("kind", "value"),
    CheckConstraint("kind in ('sha256', 'perceptual', 'pdq')", name="kind"),
    *_key_indexes("blocklist_entries"),
    Index("blocklist_entries_unapplied_idx", "id", postgresql_where=text("not applied")),
)

# A row without a value states that the image has hardly any features.
pdq_hashes = Table(
    "pdq_hashes",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("value", BIT(varying=True)),
    Column("keys", ARRAY(Integer), nullable=False),
    *_key_indexes("pdq_hashes"),
)

screenings = Table(
    "screenings",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("next_attempt_at"),
    Column("attempts", Integer, nullable=False),
    Index("screenings_next_attempt_at_idx", "next_attempt_at"),
)
