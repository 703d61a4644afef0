"""Posts, their images, and the results of image analysis."""

import sqlalchemy as sa
from alembic import op

revision = "0002_pictures"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("visibility", sa.Text(), server_default=sa.text("'public'"), nullable=False),
        sa.Column("like_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("comment_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("trending_key", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("visibility in ('public', 'followers')", name=op.f("posts_visibility_check")),
        sa.CheckConstraint("least(like_count, comment_count) >= 0", name=op.f("posts_counts_check")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("posts_author_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("posts_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index("posts_author_id_id_idx", "posts", ["author_id", "id"], unique=False)
    op.create_index(
        "posts_most_liked_idx",
        "posts",
        ["like_count", "id"],
        unique=False,
        postgresql_where=sa.text("visibility = 'public'"),
    )
    op.create_index(
        "posts_public_id_idx", "posts", ["id"], unique=False, postgresql_where=sa.text("visibility = 'public'")
    )
    op.create_index(
        "posts_trending_idx",
        "posts",
        ["trending_key", "id"],
        unique=False,
        postgresql_where=sa.text("visibility = 'public'"),
    )
    op.create_table(
        "images",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("post_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=True),
        sa.Column("original", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("thumb_key", sa.LargeBinary(), nullable=False),
        sa.Column("thumb_type", sa.Text(), nullable=False),
        sa.Column("medium_key", sa.LargeBinary(), nullable=False),
        sa.Column("medium_type", sa.Text(), nullable=False),
        sa.Column("large_key", sa.LargeBinary(), nullable=False),
        sa.Column("large_type", sa.Text(), nullable=False),
        sa.Column("placeholder", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.Column("alt_text_source", sa.Text(), nullable=True),
        sa.Column("alt_text_model", sa.Text(), nullable=True),
        sa.Column("suggestion", sa.Text(), nullable=True),
        sa.Column("suggestion_source", sa.Text(), nullable=True),
        sa.Column("suggestion_model", sa.Text(), nullable=True),
        sa.Column("suggestion_prompt_version", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(alt_text is null) = (alt_text_source is null)", name=op.f("images_alt_text_source_check")),
        sa.CheckConstraint("(post_id is null) = (position is null)", name=op.f("images_position_check")),
        sa.CheckConstraint(
            "(suggestion is null) = (suggestion_source is null)", name=op.f("images_suggestion_source_check")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("images_owner_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("images_post_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("images_pkey")),
    )
    op.create_index("images_large_key_idx", "images", ["large_key"], unique=False)
    op.create_index("images_medium_key_idx", "images", ["medium_key"], unique=False)
    op.create_index("images_original_idx", "images", ["original"], unique=False)
    op.create_index("images_owner_id_id_idx", "images", ["owner_id", "id"], unique=False)
    op.create_index("images_owner_id_original_idx", "images", ["owner_id", "original"], unique=False)
    op.create_index("images_post_id_position_idx", "images", ["post_id", "position"], unique=True)
    op.create_index("images_thumb_key_idx", "images", ["thumb_key"], unique=False)
    op.create_table(
        "image_labels",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("class_index", sa.Integer(), nullable=True),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.CheckConstraint("verdict in ('right', 'wrong')", name=op.f("image_labels_verdict_check")),
        sa.CheckConstraint("score between 0 and 1", name=op.f("image_labels_score_check")),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("image_labels_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "position", name=op.f("image_labels_pkey")),
    )
    op.create_table(
        "understandings",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('pending', 'running', 'done', 'failed', 'skipped')", name=op.f("understandings_state_check")
        ),
        sa.CheckConstraint("task in ('classification', 'caption')", name=op.f("understandings_task_check")),
        sa.CheckConstraint("attempts >= 0", name=op.f("understandings_attempts_check")),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("understandings_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "task", name=op.f("understandings_pkey")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_index(
        "understandings_due_idx",
        "understandings",
        ["next_attempt_at", "image_id"],
        unique=False,
        postgresql_where=sa.text("state in ('pending', 'running')"),
    )
    op.create_index(
        "understandings_failed_idx",
        "understandings",
        ["image_id"],
        unique=False,
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "understandings_task_model_idx",
        "understandings",
        ["task", "model"],
        unique=False,
        postgresql_where=sa.text("state = 'done'"),
    )
    op.create_foreign_key(
        op.f("users_avatar_image_id_fkey"), "users", "images", ["avatar_image_id"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("users_avatar_image_id_fkey"), "users")
    op.drop_table("understandings")
    op.drop_table("image_labels")
    op.drop_table("images")
    op.drop_table("posts")
