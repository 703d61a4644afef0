"""Unreferenced blobs and idempotency records."""

import sqlalchemy as sa
from alembic import op

revision = "0004_housekeeping"
down_revision = "0003_social"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "orphan_blobs",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("orphan_blobs_pkey")),
    )
    op.create_index("orphan_blobs_noted_at_idx", "orphan_blobs", ["noted_at"], unique=False)
    op.create_table(
        "answers",
        sa.Column("scope", sa.LargeBinary(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("scope", name=op.f("answers_pkey")),
    )
    op.create_index("answers_since_idx", "answers", ["since"], unique=False)


def downgrade() -> None:
    op.drop_table("answers")
    op.drop_table("orphan_blobs")
