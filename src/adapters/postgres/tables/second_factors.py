"""Second factors, identities, and the challenges of sign-ins."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from adapters.postgres.tables.base import metadata, timestamp_column

second_factors = Table(
    "second_factors",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("totp_secret", Text),
    Column("totp_step", BigInteger),
    Column("credential_id", LargeBinary),
    Column("public_key", LargeBinary),
    Column("sign_count", BigInteger),
    Column("code_hashes", ARRAY(LargeBinary)),
    timestamp_column("created_at"),
    timestamp_column("last_used_at", nullable=True),
    UniqueConstraint("credential_id"),
    CheckConstraint("kind in ('totp', 'passkey', 'recovery_codes')", name="kind"),
    CheckConstraint("(kind = 'totp') = (totp_secret is not null and totp_step is not null)", name="totp"),
    CheckConstraint(
        "(kind = 'passkey') = (credential_id is not null and public_key is not null and sign_count is not null)",
        name="passkey",
    ),
    CheckConstraint("(kind = 'recovery_codes') = (code_hashes is not null)", name="recovery_codes"),
    Index("second_factors_user_id_id_idx", "user_id", "id"),
)

challenges = Table(
    "challenges",
    metadata,
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE")),
    Column("data", Text, nullable=False),
    timestamp_column("expires_at"),
    Index("challenges_user_id_idx", "user_id"),
    Index("challenges_expires_at_idx", "expires_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    timestamp_column("created_at"),
    UniqueConstraint("issuer", "subject"),
    Index("identities_user_id_id_idx", "user_id", "id"),
)
