"""The models that the whole deployment was to classify with, newest last. The machines that classify fill the table."""

import sqlalchemy as sa
from alembic import op

revision = "0056_desired_models"
down_revision = "0055_rising_tag_lists"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "desired_models",
        sa.Column("revision", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("temperature", sa.Double(), nullable=False),
        sa.Column("file", sa.LargeBinary()),
        sa.Column("installer", sa.Text(), nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("desired_models")
