"""Index of the comments of a user by id, for exports. It replaces that by user alone. Both are built and dropped
concurrently, so that no writes wait."""

from alembic import op

revision = "0059_comments_of_authors"
down_revision = "0058_sensitivity_scores"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # An interrupted build leaves an invalid index.
        op.execute("drop index concurrently if exists comments_author_id_id_idx")
        op.create_index("comments_author_id_id_idx", "comments", ["author_id", "id"], postgresql_concurrently=True)
        op.drop_index("comments_author_id_idx", table_name="comments", postgresql_concurrently=True, if_exists=True)


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists comments_author_id_idx")
        op.create_index("comments_author_id_idx", "comments", ["author_id"], postgresql_concurrently=True)
        op.drop_index("comments_author_id_id_idx", table_name="comments", postgresql_concurrently=True, if_exists=True)
