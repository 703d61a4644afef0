"""Notifications, read positions and listeners."""

import sqlalchemy as sa
from alembic import op

revision = "0011_notifications"
down_revision = "0010_privacy"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.add_column("users", sa.Column("notifications_read", sa.Uuid()))
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("post_id", sa.Uuid()),
        sa.Column("comment_id", sa.Uuid()),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('follow', 'follow_request', 'like', 'comment')", name=op.f("notifications_kind_check")
        ),
        sa.CheckConstraint("(kind = 'like') = (actor_id is null)", name=op.f("notifications_actor_check")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("notifications_user_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["users.id"], name=op.f("notifications_actor_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("notifications_comment_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("notifications_pkey")),
    )
    op.create_index("notifications_user_id_id_idx", "notifications", ["user_id", "id"])
    _create_unique("notifications_like_idx", ["post_id"], "kind = 'like'")
    _create_unique("notifications_actor_idx", ["actor_id", "user_id", "kind"], "kind in ('follow', 'follow_request')")
    _create_unique("notifications_comment_id_idx", ["comment_id"], "comment_id is not null")
    op.create_index(
        "notifications_actor_id_idx", "notifications", ["actor_id"], postgresql_where=sa.text("actor_id is not null")
    )
    # Unlogged: after a crash, processes register their listeners again.
    op.create_table(
        "listeners",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("listeners_pkey")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("listeners")
    op.drop_table("notifications")
    op.drop_column("users", "notifications_read")


def _create_unique(name: str, columns: list[str], condition: str) -> None:
    op.create_index(name, "notifications", columns, unique=True, postgresql_where=sa.text(condition))
