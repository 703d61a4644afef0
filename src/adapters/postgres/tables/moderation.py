"""Reports, decisions of moderators with their appeals, and the audit log.

Rows refer to targets and to their users by id only, because they outlive both.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.tables.base import metadata, timestamp_column

_KIND = "kind in ('post', 'comment', 'image', 'user')"

report_groups = Table(
    "report_groups",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("reports_count", Integer, nullable=False),
    timestamp_column("created_at"),
    timestamp_column("reported_at"),
    timestamp_column("closed_at", nullable=True),
    CheckConstraint(_KIND, name="kind"),
    Index("report_groups_target_id_idx", "target_id", unique=True, postgresql_where=sql("closed_at is null")),
    Index("report_groups_open_idx", "id", postgresql_where=sql("closed_at is null")),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("group_id", ForeignKey("report_groups.id", ondelete="CASCADE"), nullable=False),
    Column("reporter_id", ForeignKey("users.id", ondelete="SET NULL")),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    timestamp_column("created_at"),
    UniqueConstraint("group_id", "reporter_id"),
    Index("reports_group_id_id_idx", "group_id", "id"),
    Index("reports_reporter_id_idx", "reporter_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("target_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("moderator_id", Uuid),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("effect", Text, nullable=False),
    # Null without an end.
    timestamp_column("until", nullable=True),
    timestamp_column("created_at"),
    Column("in_force", Boolean, nullable=False),
    Column("appeal", Text),
    timestamp_column("appealed_at", nullable=True),
    Column("outcome", Text),
    Column("answer", Text),
    Column("appeal_moderator_id", Uuid),
    timestamp_column("appeal_decided_at", nullable=True),
    CheckConstraint(_KIND, name="kind"),
    CheckConstraint(
        "effect in ('none', 'hide', 'mark_sensitive', 'limit', 'suspend', 'delete', 'quarantine')", name="effect"
    ),
    CheckConstraint("outcome in ('granted', 'upheld')", name="outcome"),
    Index("decisions_target_id_idx", "target_id", unique=True, postgresql_where=sql("in_force")),
    Index("decisions_released_idx", "target_id", "created_at", postgresql_where=sql("effect = 'none'")),
    Index("decisions_user_id_id_idx", "user_id", "id"),
    Index(
        "decisions_appealed_idx", "id", postgresql_where=sql("appealed_at is not null and appeal_decided_at is null")
    ),
)

# A trigger refuses updates, deletions and truncation.
audit_log = Table(
    "audit_log",
    metadata,
    Column("id", Uuid, primary_key=True),
    timestamp_column("created_at"),
    Column("actor_id", Uuid),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("target_id", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("details", JSONB, nullable=False),
    CheckConstraint(_KIND, name="kind"),
)
