"""When each periodic task of the workers began last, so that one of them does it."""

import sqlalchemy as sa
from alembic import op

revision = "0054_maintenance_runs"
down_revision = "0053_claim_ids"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "maintenance_runs",
        sa.Column("task", sa.Text(), primary_key=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("maintenance_runs")
