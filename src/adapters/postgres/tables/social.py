"""What people do with posts and each other."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, Uuid

from adapters.postgres.tables.base import metadata, moment

comments = Table(
    "comments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    moment("created_at"),
    Index("comments_post_id_id_idx", "post_id", "id"),
    Index("comments_author_id_idx", "author_id"),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followee_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    moment("created_at"),
    CheckConstraint("follower_id <> followee_id", name="self"),
    Index("follows_followers_idx", "followee_id", "created_at", "follower_id"),
    Index("follows_following_idx", "follower_id", "created_at", "followee_id"),
)

likes = Table(
    "likes",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    moment("created_at"),
    Index("likes_of_post_idx", "post_id", "created_at", "user_id"),
    Index("likes_of_user_idx", "user_id", "created_at", "post_id"),
)
