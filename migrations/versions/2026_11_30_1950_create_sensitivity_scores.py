"""Scores of a detector of sensitive media, with the answers of the images' owners."""

import sqlalchemy as sa
from alembic import op

revision = "0058_sensitivity_scores"
down_revision = "0057_claim_blobs"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "sensitivity_scores",
        sa.Column("image_id", sa.Uuid, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("score", sa.Double),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("scored_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.Boolean),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("image_id", name="sensitivity_scores_pkey"),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], ondelete="CASCADE", name="sensitivity_scores_image_id_fkey"
        ),
        sa.CheckConstraint("score between 0 and 1", name=op.f("sensitivity_scores_score_check")),
        sa.CheckConstraint(
            "num_nulls(model, score, scored_at) in (0, 3)", name=op.f("sensitivity_scores_scored_at_check")
        ),
        sa.CheckConstraint(
            "(answer is null) = (answered_at is null)", name=op.f("sensitivity_scores_answered_at_check")
        ),
        sa.CheckConstraint("answer is null or score is not null", name=op.f("sensitivity_scores_answer_check")),
        sa.Index(
            "sensitivity_scores_next_attempt_at_idx",
            "next_attempt_at",
            "image_id",
            postgresql_where=sa.text("next_attempt_at is not null"),
        ),
        sa.Index("sensitivity_scores_answered_idx", "image_id", postgresql_where=sa.text("answer is not null")),
    )


def downgrade() -> None:
    op.drop_table("sensitivity_scores")
