"""The tables, as SQLAlchemy Core knows them. Constraint names are vocabulary: `errors.py` translates them.

Likes, follows and reads are hot; their SQL is written by hand in the file of their port, beside the name of its index.
"""

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
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

from domain.vision import EMBEDDING_SIZE

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

ROOM_TO_CHANGE = {"fillfactor": "80"}
"""Space left in each page, so that a row whose counter moved stays where its index entries point (HOT updates)."""


QUARTERS = {1: 48, 2: 32, 3: 16, 4: 0}
"""The four numbers of 16 bits in a fingerprint, and how far to the right each is to be moved."""


class HalfVector(UserDefinedType[object]):
    """pgvector's vector of 16-bit floats. Its values never pass through SQLAlchemy."""

    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **_options: object) -> str:
        return f"halfvec({self.size})"


ischema_names["halfvec"] = HalfVector
"""For whoever compares the tables with a database."""


def _moment(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


users = Table(
    "users",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("display_name", Text, nullable=False),
    Column("bio", Text, nullable=False, server_default=text("''")),
    # Named and added last, since users and images point at each other.
    Column("avatar_image_id", ForeignKey("images.id", ondelete="SET NULL", use_alter=True)),
    Column("private", Boolean, nullable=False, server_default=text("false")),
    Column("role", Text, nullable=False, server_default=text("'user'")),
    _count("followers_count"),
    _count("following_count"),
    _count("posts_count"),
    _moment("created_at"),
    CheckConstraint("username = lower(username)", name="username_folded"),
    CheckConstraint("email = lower(email)", name="email_folded"),
    CheckConstraint("role in ('user', 'admin')", name="role"),
    CheckConstraint("least(followers_count, following_count, posts_count) >= 0", name="counts"),
    Index("users_avatar_image_id_idx", "avatar_image_id"),
    postgresql_with=ROOM_TO_CHANGE,
)

reserved_usernames = Table(
    "reserved_usernames",
    metadata,
    Column("username", Text, primary_key=True),
    _moment("reserved_until"),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    _moment("created_at"),
    _moment("expires_at"),
    Index("tokens_user_id_id_idx", "user_id", "id"),
    Index("tokens_expires_at_idx", "expires_at"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("author_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("visibility", Text, nullable=False, server_default=text("'public'")),
    _count("like_count"),
    _count("comment_count"),
    Column("trending_key", Double, nullable=False),
    _moment("created_at"),
    _moment("edited_at", nullable=True),
    CheckConstraint("visibility in ('public', 'followers')", name="visibility"),
    CheckConstraint("least(like_count, comment_count) >= 0", name="counts"),
    Index("posts_author_id_id_idx", "author_id", "id"),
    Index("posts_public_id_idx", "id", postgresql_where=text("visibility = 'public'")),
    Index("posts_most_liked_idx", "like_count", "id", postgresql_where=text("visibility = 'public'")),
    Index("posts_trending_idx", "trending_key", "id", postgresql_where=text("visibility = 'public'")),
    postgresql_with=ROOM_TO_CHANGE,
)

images = Table(
    "images",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("owner_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE")),
    Column("position", SmallInteger),
    Column("original", LargeBinary, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("thumb_key", LargeBinary, nullable=False),
    Column("thumb_type", Text, nullable=False),
    Column("medium_key", LargeBinary, nullable=False),
    Column("medium_type", Text, nullable=False),
    Column("large_key", LargeBinary, nullable=False),
    Column("large_type", Text, nullable=False),
    Column("placeholder", Text, nullable=False),
    Column("fingerprint", BigInteger),
    Column("alt_text", Text),
    Column("alt_text_source", Text),
    Column("alt_text_model", Text),
    Column("suggestion", Text),
    Column("suggestion_source", Text),
    Column("suggestion_model", Text),
    Column("suggestion_prompt_version", Text),
    _moment("created_at"),
    CheckConstraint("(post_id is null) = (position is null)", name="position"),
    CheckConstraint("(alt_text is null) = (alt_text_source is null)", name="alt_text_source"),
    CheckConstraint("(suggestion is null) = (suggestion_source is null)", name="suggestion_source"),
    Index("images_owner_id_id_idx", "owner_id", "id"),
    Index("images_owner_id_original_idx", "owner_id", "original"),
    Index("images_post_id_position_idx", "post_id", "position", unique=True),
    # What the sweep of blobs asks: does any row name this key?
    Index("images_original_idx", "original"),
    Index("images_thumb_key_idx", "thumb_key"),
    Index("images_medium_key_idx", "medium_key"),
    Index("images_large_key_idx", "large_key"),
    # What `duplicates.py` asks: which fingerprints are like this in one of its quarters?
    *(
        Index(f"images_fingerprint_{quarter}_idx", text(f"(((fingerprint >> {shift}) & 65535))"))
        for quarter, shift in QUARTERS.items()
    ),
)

duplicates = Table(
    "duplicates",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("distance", SmallInteger, nullable=False),
    CheckConstraint("kind in ('exact', 'near')", name="kind"),
    Index("duplicates_other_id_idx", "other_id"),
)

embeddings = Table(
    "embeddings",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("model", Text, nullable=False),
    Column("embedding", HalfVector(EMBEDDING_SIZE), nullable=False),
    Index(
        "embeddings_embedding_idx",
        "embedding",
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
    ),
)

image_labels = Table(
    "image_labels",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("class_index", Integer),
    Column("score", Double, nullable=False),
    Column("tags", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("verdict", Text),
    CheckConstraint("score between 0 and 1", name="score"),
    CheckConstraint("verdict in ('right', 'wrong')", name="verdict"),
)

understandings = Table(
    "understandings",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("task", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("model", Text),
    Column("error", Text),
    _moment("next_attempt_at", nullable=True),
    CheckConstraint("task in ('classification', 'caption')", name="task"),
    CheckConstraint("state in ('pending', 'running', 'done', 'failed', 'skipped')", name="state"),
    CheckConstraint("attempts >= 0", name="attempts"),
    Index(
        "understandings_due_idx",
        "next_attempt_at",
        "image_id",
        postgresql_where=text("state in ('pending', 'running')"),
    ),
    Index("understandings_task_model_idx", "task", "model", postgresql_where=text("state = 'done'")),
    Index("understandings_failed_idx", "image_id", postgresql_where=text("state = 'failed'")),
    postgresql_with=ROOM_TO_CHANGE,
)

comments = Table(
    "comments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), nullable=False),
    Column("author_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    _moment("created_at"),
    Index("comments_post_id_id_idx", "post_id", "id"),
    Index("comments_author_id_idx", "author_id"),
)

follows = Table(
    "follows",
    metadata,
    Column("follower_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("followee_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    _moment("created_at"),
    CheckConstraint("follower_id <> followee_id", name="self"),
    Index("follows_followers_idx", "followee_id", "created_at", "follower_id"),
    Index("follows_following_idx", "follower_id", "created_at", "followee_id"),
)

likes = Table(
    "likes",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    _moment("created_at"),
    Index("likes_of_post_idx", "post_id", "created_at", "user_id"),
    Index("likes_of_user_idx", "user_id", "created_at", "post_id"),
)

orphan_blobs = Table(
    "orphan_blobs",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    _moment("noted_at"),
    Index("orphan_blobs_noted_at_idx", "noted_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("scope", LargeBinary, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    _moment("since"),
    Column("status", SmallInteger),
    Column("headers", ARRAY(Text)),
    Column("body", LargeBinary),
    Index("answers_since_idx", "since"),
)
