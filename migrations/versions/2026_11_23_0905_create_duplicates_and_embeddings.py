"""Duplicate images and embeddings."""

import sqlalchemy as sa
from alembic import op

from adapters.postgres.types import HalfVector

revision = "0006_similarity"
down_revision = "0005_jobs"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

QUARTERS = {1: 48, 2: 32, 3: 16, 4: 0}


def upgrade() -> None:
    op.execute("create extension if not exists vector")
    op.add_column("images", sa.Column("fingerprint", sa.BigInteger(), nullable=True))
    for quarter, shift in QUARTERS.items():
        expression = sa.text(f"(((fingerprint >> {shift}) & 65535))")
        op.create_index(f"images_fingerprint_{quarter}_idx", "images", [expression], unique=False)
    op.create_table(
        "duplicates",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("distance", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("kind in ('exact', 'near')", name=op.f("duplicates_kind_check")),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("duplicates_image_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["images.id"], name=op.f("duplicates_other_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "other_id", name=op.f("duplicates_pkey")),
    )
    op.create_index("duplicates_other_id_idx", "duplicates", ["other_id"], unique=False)
    op.create_table(
        "embeddings",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("embedding", HalfVector(1280), nullable=False),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("embeddings_image_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", name=op.f("embeddings_pkey")),
    )
    # 2.6 KB each. Out-of-line storage would double the cost of reading a value for an exact comparison.
    op.execute("alter table embeddings alter column embedding set storage plain")
    op.create_index(
        "embeddings_embedding_idx",
        "embeddings",
        ["embedding"],
        unique=False,
        postgresql_using="hnsw",
        postgresql_ops={"embedding": "halfvec_cosine_ops"},
    )


def downgrade() -> None:
    op.drop_table("embeddings")
    op.drop_table("duplicates")
    for quarter in QUARTERS:
        op.drop_index(f"images_fingerprint_{quarter}_idx", table_name="images")
    op.drop_column("images", "fingerprint")
    # The extension stays: it may have existed before this migration.
