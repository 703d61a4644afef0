"""Search documents, tags of posts, and normalized names of users."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0012_search"
down_revision = "0011_notifications"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "search_documents",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("search_documents_post_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("search_documents_pkey")),
    )
    op.create_index(
        "search_documents_words_idx",
        "search_documents",
        ["words"],
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_table(
        "post_tags",
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("by_human", sa.Boolean(), nullable=False),
        sa.Column("by_model", sa.Boolean(), nullable=False),
        sa.CheckConstraint("by_human or by_model", name=op.f("post_tags_said_check")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("post_tags_post_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag", "post_id", name=op.f("post_tags_pkey")),
    )
    op.create_index("post_tags_post_id_idx", "post_tags", ["post_id"])
    op.add_column("users", sa.Column("folded_name", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.execute("update users set folded_name = lower(display_name)")
    for column in ("username", "folded_name"):
        op.create_index(f"users_{column}_idx", "users", [column], postgresql_ops={column: "text_pattern_ops"})


def downgrade() -> None:
    for column in ("folded_name", "username"):
        op.drop_index(f"users_{column}_idx", table_name="users")
    op.drop_column("users", "folded_name")
    op.drop_table("post_tags")
    op.drop_table("search_documents")
