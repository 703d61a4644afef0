"""Ranking snapshots and removed likes."""

import sqlalchemy as sa
from alembic import op

from adapters.postgres.types import TransactionId

revision = "0009_epochs"
down_revision = "0008_captions"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

NOW = sa.text("pg_current_xact_id()")


def upgrade() -> None:
    for table in ("posts", "likes"):
        op.add_column(table, sa.Column("xid", TransactionId(), server_default=NOW, nullable=False))
    op.create_index(
        "likes_created_at_idx",
        "likes",
        ["created_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on", "pages_per_range": "32"},
    )
    op.create_index(
        "posts_author_trending_idx",
        "posts",
        ["author_id", "trending_key", "id"],
        postgresql_where=sa.text("visibility = 'public'"),
    )
    # Unlogged: pagination restarts after a crash.
    op.create_table(
        "unlikes",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("liked_xid", TransactionId(), nullable=False),
        sa.Column("liked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("xid", TransactionId(), server_default=NOW, nullable=False),
        sa.Column("unliked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "ranking_epochs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posts", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("likes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ranking_epochs_pkey")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("ranking_epochs")
    op.drop_table("unlikes")
    op.drop_index("posts_author_trending_idx", table_name="posts")
    op.drop_index("likes_created_at_idx", table_name="likes")
    for table in ("likes", "posts"):
        op.drop_column(table, "xid")
