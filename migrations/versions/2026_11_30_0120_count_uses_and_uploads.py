"""Rate limits, known origins of sign-ins, and uploads per day. New tables only."""

import sqlalchemy as sa
from alembic import op

revision = "0015_limits"
down_revision = "0014_search_versions"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

ROOM_TO_CHANGE = {"fillfactor": "80"}


def upgrade() -> None:
    # Unlogged: after a crash, counting restarts at zero.
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("rate_limits_pkey")),
        prefixes=["UNLOGGED"],
        postgresql_with=ROOM_TO_CHANGE,
    )
    op.create_table(
        "known_origins",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("known_origins_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "mark", name=op.f("known_origins_pkey")),
    )
    op.create_index("known_origins_noted_at_idx", "known_origins", ["noted_at"])
    op.create_table(
        "daily_uploads",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("daily_uploads_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("daily_uploads_pkey")),
        postgresql_with=ROOM_TO_CHANGE,
    )
    op.create_index("daily_uploads_day_idx", "daily_uploads", ["day"])


def downgrade() -> None:
    op.drop_table("daily_uploads")
    op.drop_table("known_origins")
    op.drop_table("rate_limits")
