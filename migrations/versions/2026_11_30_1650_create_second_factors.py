"""Second factors and challenges, and when a session was confirmed. New tables and nullable columns only."""

import sqlalchemy as sa
from alembic import op

revision = "0025_second_factors"
down_revision = "0024_sign_up"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

FACTOR_COLUMNS = "credential_id is not null and public_key is not null and sign_count is not null"


def upgrade() -> None:
    op.create_table(
        "second_factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text()),
        sa.Column("totp_step", sa.BigInteger()),
        sa.Column("credential_id", sa.LargeBinary()),
        sa.Column("public_key", sa.LargeBinary()),
        sa.Column("sign_count", sa.BigInteger()),
        sa.Column("code_hashes", sa.ARRAY(sa.LargeBinary())),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name=op.f("second_factors_pkey")),
        sa.UniqueConstraint("credential_id", name=op.f("second_factors_credential_id_key")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("second_factors_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind in ('totp', 'passkey', 'recovery_codes')", name=op.f("second_factors_kind_check")),
        sa.CheckConstraint(
            "(kind = 'totp') = (totp_secret is not null and totp_step is not null)",
            name=op.f("second_factors_totp_check"),
        ),
        sa.CheckConstraint(f"(kind = 'passkey') = ({FACTOR_COLUMNS})", name=op.f("second_factors_passkey_check")),
        sa.CheckConstraint(
            "(kind = 'recovery_codes') = (code_hashes is not null)", name=op.f("second_factors_recovery_codes_check")
        ),
    )
    op.create_index("second_factors_user_id_id_idx", "second_factors", ["user_id", "id"])
    op.create_table(
        "challenges",
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("challenges_pkey")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("challenges_user_id_fkey"), ondelete="CASCADE"),
    )
    op.create_index("challenges_user_id_idx", "challenges", ["user_id"])
    op.create_index("challenges_expires_at_idx", "challenges", ["expires_at"])
    op.add_column("tokens", sa.Column("confirmed_at", sa.DateTime(timezone=True)))
    op.add_column("tokens", sa.Column("second_factor_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("tokens", "second_factor_at")
    op.drop_column("tokens", "confirmed_at")
    op.drop_table("challenges")
    op.drop_table("second_factors")
