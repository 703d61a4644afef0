"""The list of rising tags that all processes show."""

import sqlalchemy as sa
from alembic import op

revision = "0055_rising_tag_lists"
down_revision = "0054_maintenance_runs"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "rising_tag_lists",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("rising_tag_lists")
