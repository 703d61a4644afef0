"""Claims of unreferenced blobs, pauses of their deletion, and the id of the installation."""

import sqlalchemy as sa
from alembic import op

revision = "0057_claim_blobs"
down_revision = "0056_desired_models"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.add_column("orphan_blobs", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "deletion_pauses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("deletion_pauses_pkey")),
    )
    op.create_table(
        "installation",
        sa.Column("single", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("single", name=op.f("installation_single_check")),
        sa.PrimaryKeyConstraint("single", name=op.f("installation_pkey")),
    )


def downgrade() -> None:
    op.drop_table("installation")
    op.drop_table("deletion_pauses")
    op.drop_column("orphan_blobs", "claimed_until")
