"""E-mails that wait for delivery, the links in them, and changes of addresses."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, Text, Uuid, text

from adapters.postgres.tables.base import metadata, timestamp_column

emails = Table(
    "emails",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE")),
    Column("detail", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("error", Text),
    timestamp_column("next_attempt_at", nullable=True),
    timestamp_column("created_at"),
    CheckConstraint("state in ('pending', 'running', 'sent', 'failed')", name="state"),
    Index("emails_user_id_idx", "user_id"),
    Index("emails_created_at_idx", "created_at"),
    Index("emails_due_idx", "next_attempt_at", "id", postgresql_where=text("state in ('pending', 'running')")),
)

# Only a hash of a link's secret is stored.
email_links = Table(
    "email_links",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("address", Text, nullable=False),
    timestamp_column("expires_at"),
    CheckConstraint("purpose in ('password_reset', 'proof', 'approval')", name="purpose"),
    Index("email_links_user_id_idx", "user_id"),
    Index("email_links_expires_at_idx", "expires_at"),
)

email_changes = Table(
    "email_changes",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("email", Text, nullable=False),
    Column("approved", Boolean, nullable=False),
    Column("proved", Boolean, nullable=False),
    timestamp_column("expires_at"),
    Index("email_changes_expires_at_idx", "expires_at"),
)
