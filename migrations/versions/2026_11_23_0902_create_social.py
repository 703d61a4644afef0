"""Follows, likes and comments."""

import sqlalchemy as sa
from alembic import op

revision = "0003_social"
down_revision = "0002_pictures"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "follows",
        sa.Column("follower_id", sa.Uuid(), nullable=False),
        sa.Column("followee_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("follower_id <> followee_id", name=op.f("follows_self_check")),
        sa.ForeignKeyConstraint(
            ["followee_id"], ["users.id"], name=op.f("follows_followee_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["follower_id"], ["users.id"], name=op.f("follows_follower_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("follower_id", "followee_id", name=op.f("follows_pkey")),
    )
    op.create_index("follows_followers_idx", "follows", ["followee_id", "created_at", "follower_id"], unique=False)
    op.create_index("follows_following_idx", "follows", ["follower_id", "created_at", "followee_id"], unique=False)
    op.create_table(
        "likes",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("likes_post_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("likes_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("likes_pkey")),
    )
    op.create_index("likes_of_post_idx", "likes", ["post_id", "created_at", "user_id"], unique=False)
    op.create_index("likes_of_user_idx", "likes", ["user_id", "created_at", "post_id"], unique=False)
    op.create_table(
        "comments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("comments_author_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("comments_post_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("comments_pkey")),
    )
    op.create_index("comments_author_id_idx", "comments", ["author_id"], unique=False)
    op.create_index("comments_post_id_id_idx", "comments", ["post_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("comments")
    op.drop_table("likes")
    op.drop_table("follows")
