"""Private accounts, follow requests, blocks and mutes."""

import sqlalchemy as sa
from alembic import op

revision = "0010_privacy"
down_revision = "0009_epochs"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

PARTIAL = {
    "posts_public_id_idx": ["id"],
    "posts_most_liked_idx": ["like_count", "id"],
    "posts_trending_idx": ["trending_key", "id"],
    "posts_author_trending_idx": ["author_id", "trending_key", "id"],
}
PAIRS = {
    "follow_requests": ("follower_id", "followee_id"),
    "blocks": ("blocker_id", "blocked_id"),
    "mutes": ("muter_id", "muted_id"),
}


def upgrade() -> None:
    op.add_column("posts", sa.Column("audience", sa.Text(), server_default=sa.text("'public'"), nullable=False))
    op.execute("""
update posts set audience = 'followers'
from users where users.id = author_id and (visibility = 'followers' or private)""")
    op.create_check_constraint(op.f("posts_audience_check"), "posts", "audience in (visibility, 'followers')")
    _index_where("audience = 'public'")
    for table, (one, other) in PAIRS.items():
        _create_pairs(table, one, other)
    op.create_index("follow_requests_followee_idx", "follow_requests", ["followee_id", "created_at", "follower_id"])
    op.create_index("blocks_blocker_idx", "blocks", ["blocker_id", "created_at", "blocked_id"])
    op.create_index("blocks_blocked_id_idx", "blocks", ["blocked_id"])
    op.create_index("mutes_muter_idx", "mutes", ["muter_id", "created_at", "muted_id"])
    op.create_index("mutes_muted_id_idx", "mutes", ["muted_id"])


def downgrade() -> None:
    for table in PAIRS:
        op.drop_table(table)
    # Otherwise posts of private accounts would become public.
    op.execute("update posts set visibility = audience where visibility <> audience")
    _index_where("visibility = 'public'")
    op.drop_column("posts", "audience")


def _index_where(condition: str) -> None:
    for name, columns in PARTIAL.items():
        op.drop_index(name, table_name="posts")
        op.create_index(name, "posts", columns, postgresql_where=sa.text(condition))


def _create_pairs(table: str, one: str, other: str) -> None:
    op.create_table(
        table,
        sa.Column(one, sa.Uuid(), nullable=False),
        sa.Column(other, sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"{one} <> {other}", name=op.f(f"{table}_self_check")),
        sa.ForeignKeyConstraint([one], ["users.id"], name=op.f(f"{table}_{one}_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint([other], ["users.id"], name=op.f(f"{table}_{other}_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint(one, other, name=op.f(f"{table}_pkey")),
    )
