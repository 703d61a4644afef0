"""Posts, their images, and the analysis of these."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from adapters.postgres.hash_keys import QUARTERS
from adapters.postgres.tables.base import FILLFACTOR, counter_column, metadata, timestamp_column, xid_column
from adapters.postgres.types import HalfVector
from domain.vision import EMBEDDING_SIZE

posts = Table(
    "posts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("author_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("text", Text, nullable=False),
    Column("visibility", Text, nullable=False, server_default=text("'public'")),
    # The effective visibility: that of the post, or followers only while the author's account is private.
    Column("audience", Text, nullable=False, server_default=text("'public'")),
    counter_column("like_count"),
    counter_column("comment_count"),
    Column("trending_key", Double, nullable=False),
    timestamp_column("created_at"),
    timestamp_column("edited_at", nullable=True),
    Column("sensitive", Boolean, nullable=False, server_default=text("false")),
    Column("warning", Text),
    # The ends of the effects of decisions, about the post and about its author; `decision_effects.py` writes them. What
    # is hidden is limited too.
    timestamp_column("hidden_until", nullable=True),
    timestamp_column("limited_until", nullable=True),
    timestamp_column("sensitive_until", nullable=True),
    xid_column(),
    CheckConstraint("visibility in ('public', 'followers')", name="visibility"),
    CheckConstraint("audience in (visibility, 'followers')", name="audience"),
    CheckConstraint("least(like_count, comment_count) >= 0", name="counts"),
    Index("posts_author_id_id_idx", "author_id", "id", postgresql_include=["hidden_until"]),
    Index("posts_public_id_idx", "id", postgresql_where=text("audience = 'public'")),
    Index("posts_most_liked_idx", "like_count", "id", postgresql_where=text("audience = 'public'")),
    Index("posts_trending_idx", "trending_key", "id", postgresql_where=text("audience = 'public'")),
    Index(
        "posts_author_trending_idx",
        "author_id",
        "trending_key",
        "id",
        postgresql_where=text("audience = 'public'"),
        postgresql_include=["limited_until"],
    ),
    postgresql_with=FILLFACTOR,
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
    # The tags of a caption writer, for a future index of tags.
    Column("said_tags", ARRAY(Text)),
    Column("said_tags_model", Text),
    Column("said_tags_prompt_version", Text),
    timestamp_column("created_at"),
    # The end of the effect of decisions about the image, its post and its owner.
    timestamp_column("hidden_until", nullable=True),
    # Whether a decision or a pending screening holds the image back.
    Column("quarantined", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("(post_id is null) = (position is null)", name="position"),
    CheckConstraint("(alt_text is null) = (alt_text_source is null)", name="alt_text_source"),
    CheckConstraint("(suggestion is null) = (suggestion_source is null)", name="suggestion_source"),
    CheckConstraint("(said_tags is null) = (said_tags_model is null)", name="said_tags_model"),
    Index("images_owner_id_id_idx", "owner_id", "id"),
    Index("images_owner_id_original_idx", "owner_id", "original"),
    # Unposted images, oldest first.
    Index("images_unposted_idx", "created_at", postgresql_where=text("post_id is null")),
    Index("images_post_id_position_idx", "post_id", "position", unique=True),
    # For the sweep: whether any row refers to a key. The first index also finds equal bytes.
    Index("images_original_id_idx", "original", "id"),
    Index("images_thumb_key_idx", "thumb_key"),
    Index("images_medium_key_idx", "medium_key"),
    Index("images_large_key_idx", "large_key"),
    # For `duplicates.py`: fingerprints that are similar in one of the quarters.
    *(
        Index(f"images_fingerprint_{quarter}_idx", text(f"(((fingerprint >> {shift}) & 65535))"))
        for quarter, shift in QUARTERS.items()
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
    CheckConstraint("score between 0 and 1", name="score"),
)

# Verdicts outlive the labels, because another model may give the same label again.
label_verdicts = Table(
    "label_verdicts",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("verdict", Text, nullable=False),
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
    timestamp_column("next_attempt_at", nullable=True),
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
    postgresql_with=FILLFACTOR,
)

# A detector's score, and the answer of the image's owner. Lists of images and posts do not read this table.
sensitivity_scores = Table(
    "sensitivity_scores",
    metadata,
    Column("image_id", ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    timestamp_column("next_attempt_at", nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("model", Text),
    Column("score", Double),
    Column("asked", Boolean, nullable=False),
    timestamp_column("scored_at", nullable=True),
    Column("answer", Boolean),
    timestamp_column("answered_at", nullable=True),
    CheckConstraint("score between 0 and 1", name="score"),
    CheckConstraint("num_nulls(model, score, scored_at) in (0, 3)", name="scored_at"),
    CheckConstraint("(answer is null) = (answered_at is null)", name="answered_at"),
    CheckConstraint("answer is null or score is not null", name="answer"),
    Index(
        "sensitivity_scores_next_attempt_at_idx",
        "next_attempt_at",
        "image_id",
        postgresql_where=text("next_attempt_at is not null"),
    ),
    Index("sensitivity_scores_answered_idx", "image_id", postgresql_where=text("answer is not null")),
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
