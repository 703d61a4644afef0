"""Likes, comments, follows, blocks and mutes."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from adapters.postgres.tables.base import metadata, timestamp_column, xid_column
from adapters.postgres.types import TransactionId

BRIN_OPTIONS = {"autosummarize": "on", "pages_per_range": "32"}

comments = Table(
    "comments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    timestamp_column("created_at"),
    # The end of the effect of decisions about the comment and its author.
    timestamp_column("hidden_until", nullable=True),
    Index("comments_post_id_id_idx", "post_id", "id"),
    Index("comments_author_id_id_idx", "author_id", "id"),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followee_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("created_at"),
    CheckConstraint("follower_id <> followee_id", name="self"),
    Index("follows_followers_idx", "followee_id", "created_at", "follower_id"),
    Index("follows_following_idx", "follower_id", "created_at", "followee_id"),
)

follow_requests = Table(
    "follow_requests",
    metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followee_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("created_at"),
    CheckConstraint("follower_id <> followee_id", name="self"),
    Index("follow_requests_followee_idx", "followee_id", "created_at", "follower_id"),
)

blocks = Table(
    "blocks",
    metadata,
    Column("blocker_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("blocked_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("created_at"),
    CheckConstraint("blocker_id <> blocked_id", name="self"),
    Index("blocks_blocker_idx", "blocker_id", "created_at", "blocked_id"),
    Index("blocks_blocked_id_idx", "blocked_id"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("muter_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("muted_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("created_at"),
    CheckConstraint("muter_id <> muted_id", name="self"),
    Index("mutes_muter_idx", "muter_id", "created_at", "muted_id"),
    Index("mutes_muted_id_idx", "muted_id"),
)

likes = Table(
    "likes",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("created_at"),
    xid_column(),
    Index("likes_of_post_idx", "post_id", "created_at", "user_id"),
    Index("likes_of_user_idx", "user_id", "created_at", "post_id"),
    # A block-range index: rows arrive in the order of time, so it has only a few pages.
    Index(
        "likes_created_at_idx",
        "created_at",
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on", "pages_per_range": "32"},
    ),
)

unlikes = Table(
    "unlikes",
    metadata,
    Column("post_id", Uuid, nullable=False),
    Column("liked_xid", TransactionId, nullable=False),
    timestamp_column("liked_at"),
    xid_column(),
    Column("unliked_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    prefixes=["UNLOGGED"],
)

# Parts of the stored orders of rankings. Unlogged: pagination restarts after a crash.
ranking_parts = Table(
    "ranking_parts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("ranking", Text, nullable=False),
    timestamp_column("moment"),
    Column("snapshot", Text, nullable=False),
    Column("size", Integer, nullable=False),
    # The key and post at the end, null in an empty part.
    Column("key", Double),
    Column("last_id", Uuid),
    Column("is_last", Boolean, nullable=False),
    Column("posts", ARRAY(Uuid), nullable=False),
    Column("likes", ARRAY(Integer), nullable=False),
    Column("authors", ARRAY(BigInteger), nullable=False),
    prefixes=["UNLOGGED"],
)
