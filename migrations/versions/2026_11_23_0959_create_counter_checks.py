"""Counter checks; index of equal images."""

import sqlalchemy as sa
from alembic import op

revision = "0013_checks"
down_revision = "0012_search"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "counter_checks",
        sa.Column("counter", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counter", name=op.f("counter_checks_pkey")),
    )
    op.drop_index("images_original_idx", table_name="images")
    op.create_index("images_original_id_idx", "images", ["original", "id"])


def downgrade() -> None:
    op.drop_index("images_original_id_idx", table_name="images")
    op.create_index("images_original_idx", "images", ["original"])
    op.drop_table("counter_checks")
