"""Orders of rankings are stored in parts. Those of the old form are at most 15 minutes old and are dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0019_ranking_parts"
down_revision = "0018_follow_approval"
branch_labels = None
depends_on = None
kind = "contract"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.drop_table("ranking_epochs")
    # Unlogged: pagination restarts after a crash.
    op.create_table(
        "ranking_parts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ranking", sa.Text(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", sa.Double(), nullable=True),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("is_last", sa.Boolean(), nullable=False),
        sa.Column("posts", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("likes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.Column("authors", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("id", "start", name=op.f("ranking_parts_pkey")),
        prefixes=["UNLOGGED"],
    )


def downgrade() -> None:
    op.drop_table("ranking_parts")
    op.create_table(
        "ranking_epochs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posts", sa.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("likes", sa.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("ranking_epochs_pkey")),
        prefixes=["UNLOGGED"],
    )
