"""Accounts and their tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001_accounts"
down_revision = None
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("bio", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("avatar_image_id", sa.Uuid(), nullable=True),
        sa.Column("private", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("role", sa.Text(), server_default=sa.text("'user'"), nullable=False),
        sa.Column("followers_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("following_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("posts_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role in ('user', 'admin')", name=op.f("users_role_check")),
        sa.CheckConstraint("email = lower(email)", name=op.f("users_email_folded_check")),
        sa.CheckConstraint(
            "least(followers_count, following_count, posts_count) >= 0", name=op.f("users_counts_check")
        ),
        sa.CheckConstraint("username = lower(username)", name=op.f("users_username_folded_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pkey")),
        # The name first: if two constraints are violated, PostgreSQL reports the one that was created first.
        sa.UniqueConstraint("username", name=op.f("users_username_key")),
        sa.UniqueConstraint("email", name=op.f("users_email_key")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("users_avatar_image_id_idx", "users", ["avatar_image_id"], unique=False)
    op.create_table(
        "reserved_usernames",
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("username", name=op.f("reserved_usernames_pkey")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("tokens_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("tokens_pkey")),
        sa.UniqueConstraint("hash", name=op.f("tokens_hash_key")),
    )
    op.create_index("tokens_expires_at_idx", "tokens", ["expires_at"], unique=False)
    op.create_index("tokens_user_id_id_idx", "tokens", ["user_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("tokens")
    op.drop_table("reserved_usernames")
    op.drop_table("users")
