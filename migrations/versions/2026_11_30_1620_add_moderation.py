"""Reports, decisions and the audit log; and columns for the effects of decisions.

The columns have constant defaults, indexes are built concurrently and checks are validated separately, so that nothing
blocks writes for long.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022_moderation"
down_revision = "0021_moderators"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

_KIND = "kind in ('post', 'comment', 'image', 'user')"
_TIMES = {
    "posts": ("hidden_until", "limited_until", "sensitive_until"),
    "images": ("hidden_until",),
    "comments": ("hidden_until",),
    "users": ("suspended_until", "limited_until"),
}
_COVERING = {
    "posts_author_id_id_idx": ("(author_id, id)", "include (hidden_until)", ""),
    "posts_author_trending_idx": (
        "(author_id, trending_key, id)",
        "include (limited_until)",
        "where audience = 'public'",
    ),
}
"""The columns of an index, the column that it also contains from now on, and its condition."""

_REFUSAL = """
create function refuse_change_of_audit_log() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is append-only: % is refused', lower(tg_op);
end $$
"""
_TRIGGER = """
create trigger audit_log_append_only before update or delete or truncate on audit_log
for each statement execute function refuse_change_of_audit_log()
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():  # every statement may be repeated after an interruption
        op.execute("alter table posts add column if not exists sensitive boolean not null default false")
        op.execute("alter table posts add column if not exists warning text")
        for table, columns in _TIMES.items():
            for column in columns:
                op.execute(f"alter table {table} add column if not exists {column} timestamptz")
        _replace_kinds("'follow', 'follow_request', 'like', 'comment', 'decision'")
        op.execute("drop index concurrently if exists users_role_idx")
        op.execute("create index concurrently users_role_idx on users (role) where role <> 'user'")
        for name, (columns, included, condition) in _COVERING.items():
            _rebuild(name, f"{columns} {included} {condition}")
    _create_tables()


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("delete from notifications where kind = 'decision'")
        _replace_kinds("'follow', 'follow_request', 'like', 'comment'")
        op.execute("drop index concurrently if exists users_role_idx")
        for name, (columns, _, condition) in _COVERING.items():
            _rebuild(name, f"{columns} {condition}")
    for table, columns in _TIMES.items():
        for column in columns:
            op.drop_column(table, column)
    op.drop_column("posts", "warning")
    op.drop_column("posts", "sensitive")
    for table in ("audit_log", "decisions", "reports", "report_groups"):
        op.drop_table(table)
    op.execute("drop function refuse_change_of_audit_log")


def _rebuild(name: str, definition: str) -> None:
    """Replace an index on posts. An interrupted build leaves an invalid index."""
    op.execute(f"drop index concurrently if exists {name}_new")
    op.execute(f"create index concurrently {name}_new on posts {definition}")
    op.execute(f"drop index concurrently if exists {name}")
    op.execute(f"alter index {name}_new rename to {name}")


def _replace_kinds(kinds: str) -> None:
    op.execute(
        "alter table notifications drop constraint if exists notifications_kind_check, "
        f"add constraint notifications_kind_check check (kind in ({kinds})) not valid"
    )
    op.execute("alter table notifications validate constraint notifications_kind_check")


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _create_tables() -> None:
    op.create_table(
        "report_groups",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("reports_count", sa.Integer, nullable=False),
        _time("created_at"),
        _time("reported_at"),
        _time("closed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="report_groups_pkey"),
        sa.CheckConstraint(_KIND, name="report_groups_kind_check"),
        sa.Index(
            "report_groups_target_id_idx", "target_id", unique=True, postgresql_where=sa.text("closed_at is null")
        ),
        sa.Index("report_groups_open_idx", "id", postgresql_where=sa.text("closed_at is null")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("group_id", sa.Uuid, nullable=False),
        sa.Column("reporter_id", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _time("created_at"),
        sa.PrimaryKeyConstraint("id", name="reports_pkey"),
        sa.ForeignKeyConstraint(["group_id"], ["report_groups.id"], ondelete="CASCADE", name="reports_group_id_fkey"),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], ondelete="SET NULL", name="reports_reporter_id_fkey"),
        sa.UniqueConstraint("group_id", "reporter_id", name="reports_group_id_reporter_id_key"),
        sa.Index("reports_group_id_id_idx", "group_id", "id"),
        sa.Index("reports_reporter_id_idx", "reporter_id"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("moderator_id", sa.Uuid),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("effect", sa.Text, nullable=False),
        _time("until", nullable=True),
        _time("created_at"),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("appeal", sa.Text),
        _time("appealed_at", nullable=True),
        sa.Column("outcome", sa.Text),
        sa.Column("answer", sa.Text),
        sa.Column("appeal_moderator_id", sa.Uuid),
        _time("appeal_decided_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="decisions_pkey"),
        sa.CheckConstraint(_KIND, name="decisions_kind_check"),
        sa.CheckConstraint(
            "effect in ('none', 'hide', 'mark_sensitive', 'limit', 'suspend', 'delete')", name="decisions_effect_check"
        ),
        sa.CheckConstraint("outcome in ('granted', 'upheld')", name="decisions_outcome_check"),
        sa.Index("decisions_target_id_idx", "target_id", unique=True, postgresql_where=sa.text("in_force")),
        sa.Index("decisions_user_id_id_idx", "user_id", "id"),
        sa.Index(
            "decisions_appealed_idx",
            "id",
            postgresql_where=sa.text("appealed_at is not null and appeal_decided_at is null"),
        ),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid, nullable=False),
        _time("created_at"),
        sa.Column("actor_id", sa.Uuid),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target_id", sa.Uuid, nullable=False),
        sa.Column("user_id", sa.Uuid, nullable=False),
        sa.Column("details", postgresql.JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_log_pkey"),
        sa.CheckConstraint(_KIND, name="audit_log_kind_check"),
    )
    op.execute(_REFUSAL)
    op.execute(_TRIGGER)
