"""The claim that holds an idempotency key. Rows of before have none: they expire like any claim."""

import sqlalchemy as sa
from alembic import op

revision = "0053_claim_ids"
down_revision = "0032_schema_support"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.add_column("answers", sa.Column("claim_id", sa.Uuid()))


def downgrade() -> None:
    op.drop_column("answers", "claim_id")
