"""Consent of users to captions by an external service. A new table only."""

import sqlalchemy as sa
from alembic import op

revision = "0017_consents"
down_revision = "0016_unposted"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("captions", sa.Text(), nullable=False),
        sa.Column("followers_only", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("captions in ('none', 'offline', 'service')", name=op.f("consents_captions_check")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("consents_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("consents_pkey")),
    )


def downgrade() -> None:
    op.drop_table("consents")
