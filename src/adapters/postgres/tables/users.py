"""Users, their tokens and origins."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from adapters.postgres.tables.base import FILLFACTOR, counter_column, metadata, timestamp_column

users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column("email_status", Text, nullable=False, server_default=text("'held'")),
    Column("password_hash", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("bio", Text, nullable=False, server_default=text("''")),
    # Named and added last, because users and images refer to each other.
    Column("avatar_image_id", ForeignKey("images.id", ondelete="SET NULL", use_alter=True)),
    Column("private", Boolean, nullable=False, server_default=text("false")),
    Column("follow_approval", Boolean, nullable=False, server_default=text("false")),
    Column("default_visibility", Text, nullable=False, server_default=text("'public'")),
    Column("sensitive_media", Text, nullable=False, server_default=text("'blur'")),
    Column("role", Text, nullable=False, server_default=text("'user'")),
    counter_column("followers_count"),
    counter_column("following_count"),
    counter_column("posts_count"),
    # The searched form of the displayed name: `domain.search.name_key`, with that `INDEX_VERSION`.
    Column("folded_name", Text, nullable=False, server_default=text("''")),
    Column("name_version", SmallInteger, nullable=False, server_default=text("0")),
    # The highest id of a notification that was read.
    Column("notifications_read", Uuid),
    timestamp_column("created_at"),
    # The ends of the effects of decisions. Suspended users are limited too.
    timestamp_column("suspended_until", nullable=True),
    timestamp_column("limited_until", nullable=True),
    # The applicant's reason until the sign-up is approved.
    Column("application", Text),
    # The version of the terms; versions are never deleted.
    Column("accepted_terms", Integer),
    CheckConstraint("username = lower(username)", name="username_folded"),
    CheckConstraint("email = lower(email)", name="email_folded"),
    CheckConstraint("default_visibility in ('public', 'followers')", name="default_visibility"),
    CheckConstraint("sensitive_media in ('blur', 'show')", name="sensitive_media"),
    CheckConstraint("email_status in ('claimed', 'held', 'verified')", name="email_status"),
    CheckConstraint("role in ('user', 'moderator', 'admin')", name="role"),
    CheckConstraint("least(followers_count, following_count, posts_count) >= 0", name="counts"),
    Index("users_avatar_image_id_idx", "avatar_image_id"),
    Index("users_held_email_idx", "email", unique=True, postgresql_where=text("email_status <> 'claimed'")),
    Index("users_username_idx", "username", postgresql_ops={"username": "text_pattern_ops"}),
    # The few moderators and admins.
    Index("users_role_idx", "role", postgresql_where=text("role <> 'user'")),
    Index("users_pending_idx", "id", postgresql_where=text("application is not null")),
    Index("users_folded_name_idx", "folded_name", postgresql_ops={"folded_name": "text_pattern_ops"}),
    postgresql_with=FILLFACTOR,
)

reserved_usernames = Table(
    "reserved_usernames",
    metadata,
    Column("username", Text, primary_key=True),
    timestamp_column("reserved_until"),
)

terms = Table(
    "terms",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    timestamp_column("created_at"),
)

invites = Table(
    "invites",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("created_by", ForeignKey("users.id", ondelete="SET NULL")),
    timestamp_column("created_at"),
    timestamp_column("expires_at"),
    Column("max_uses", Integer, nullable=False),
    Column("uses", Integer, nullable=False),
    CheckConstraint("uses between 0 and max_uses", name="uses"),
    Index("invites_created_by_idx", "created_by"),
    Index("invites_expires_at_idx", "expires_at"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    timestamp_column("created_at"),
    timestamp_column("expires_at"),
    Column("name", Text),
    Column("scopes", ARRAY(Text), nullable=False, server_default=text("'{read,write,moderate,admin}'")),
    Column("last_used_at", DateTime(timezone=True)),
    # Both from the sign-in; deleted after `domain.tokens.ORIGIN_RETENTION`.
    Column("device", Text),
    Column("address", Text),
    timestamp_column("confirmed_at", nullable=True),
    timestamp_column("second_factor_at", nullable=True),
    Index("tokens_user_id_id_idx", "user_id", "id"),
    Index("tokens_expires_at_idx", "expires_at"),
    Index("tokens_origin_idx", "created_at", postgresql_where=text("address is not null")),
)
