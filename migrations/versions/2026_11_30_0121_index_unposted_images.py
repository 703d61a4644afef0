"""Index of images in no post, the oldest first. It is built concurrently, so that it blocks no writes."""

import sqlalchemy as sa
from alembic import op

revision = "0016_unposted"
down_revision = "0015_limits"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # An interrupted build leaves an invalid index.
        op.execute("drop index concurrently if exists images_unposted_idx")
        op.create_index(
            "images_unposted_idx",
            "images",
            ["created_at"],
            postgresql_where=sa.text("post_id is null"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("images_unposted_idx", table_name="images", postgresql_concurrently=True, if_exists=True)
