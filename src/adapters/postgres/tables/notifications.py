"""Notifications and the registrations of subscribers."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, Uuid, text

from adapters.postgres.tables.base import metadata, timestamp_column

notifications = Table(
    "notifications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("kind", Text, nullable=False),
    # Null for a group of likes. The likes created since `since` are its members.
    Column("actor_id", ForeignKey("users.id", ondelete="CASCADE")),
    Column("post_id", Uuid),
    Column("comment_id", ForeignKey("comments.id", ondelete="CASCADE")),
    timestamp_column("since"),
    timestamp_column("created_at"),
    CheckConstraint("kind in ('follow', 'follow_request', 'like', 'comment', 'decision')", name="kind"),
    CheckConstraint("(kind = 'like') = (actor_id is null)", name="actor"),
    Index("notifications_user_id_id_idx", "user_id", "id"),
    Index("notifications_like_idx", "post_id", unique=True, postgresql_where=text("kind = 'like'")),
    Index(
        "notifications_actor_idx",
        "actor_id",
        "user_id",
        "kind",
        unique=True,
        postgresql_where=text("kind in ('follow', 'follow_request')"),
    ),
    Index("notifications_actor_id_idx", "actor_id", postgresql_where=text("actor_id is not null")),
    Index("notifications_comment_id_idx", "comment_id", unique=True, postgresql_where=text("comment_id is not null")),
)

listeners = Table(
    "listeners",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    timestamp_column("until"),
    prefixes=["UNLOGGED"],
)
