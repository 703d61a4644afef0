"""Identities of OpenID Connect. A new table only."""

import sqlalchemy as sa
from alembic import op

revision = "0026_identities"
down_revision = "0025_second_factors"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "identities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("identities_pkey")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("identities_issuer_subject_key")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("identities_user_id_fkey"), ondelete="CASCADE"),
    )
    op.create_index("identities_user_id_id_idx", "identities", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("identities")
