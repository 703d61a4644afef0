"""The oldest release that the schema supports. A program accepts a schema that is newer than itself if this release is
not newer than the program."""

import sqlalchemy as sa
from alembic import op

revision = "0032_schema_support"
down_revision = "0031_sensitive_media"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "schema_support",
        sa.Column("id", sa.Boolean, server_default=sa.text("true"), nullable=False),
        sa.Column("oldest_release", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("schema_support_pkey")),
        sa.CheckConstraint("id", name=op.f("schema_support_id_check")),
    )


def downgrade() -> None:
    op.drop_table("schema_support")
