"""Caption ledger, cached captions and model tags."""

import sqlalchemy as sa
from alembic import op

revision = "0008_captions"
down_revision = "0007_verdicts"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "caption_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usd", sa.Numeric(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=True),
        sa.Column("tokens_out", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "outcome in ('open', 'answered', 'declined', 'unusable', 'lost', 'failed')",
            name=op.f("caption_calls_outcome_check"),
        ),
        sa.CheckConstraint("usd >= 0", name=op.f("caption_calls_usd_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("caption_calls_pkey")),
    )
    op.create_index("caption_calls_began_at_idx", "caption_calls", ["began_at"], postgresql_include=["user_id", "usd"])
    op.create_index(
        "caption_calls_open_idx", "caption_calls", ["picture"], postgresql_where=sa.text("outcome = 'open'")
    )
    op.create_table(
        "caption_drafts",
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("prompt_version", sa.Text(), nullable=False),
        sa.Column("alt_text", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("tags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(alt_text is null) = (source is null)", name=op.f("caption_drafts_source_check")),
        sa.PrimaryKeyConstraint("picture", "model", "prompt_version", name=op.f("caption_drafts_pkey")),
    )
    op.add_column("images", sa.Column("said_tags", sa.ARRAY(sa.Text()), nullable=True))
    op.add_column("images", sa.Column("said_tags_model", sa.Text(), nullable=True))
    op.add_column("images", sa.Column("said_tags_prompt_version", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("images_said_tags_model_check"), "images", "(said_tags is null) = (said_tags_model is null)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("images_said_tags_model_check"), "images")
    op.drop_column("images", "said_tags_prompt_version")
    op.drop_column("images", "said_tags_model")
    op.drop_column("images", "said_tags")
    op.drop_table("caption_drafts")
    op.drop_table("caption_calls")
