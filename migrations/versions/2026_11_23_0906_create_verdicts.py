"""Label verdicts, in a separate table: they remain when labels are replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0007_verdicts"
down_revision = "0006_similarity"
branch_labels = None
depends_on = None
kind = "contract"
oldest_release = "0.1.0"


def upgrade() -> None:
    op.create_table(
        "label_verdicts",
        sa.Column("image_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.CheckConstraint("verdict in ('right', 'wrong')", name=op.f("label_verdicts_verdict_check")),
        sa.ForeignKeyConstraint(
            ["image_id"], ["images.id"], name=op.f("label_verdicts_image_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "key", name=op.f("label_verdicts_pkey")),
    )
    op.execute(
        "insert into label_verdicts (image_id, key, name, verdict) select distinct on (image_id, key) "
        "image_id, key, name, verdict from image_labels where verdict is not null order by image_id, key, position"
    )
    op.drop_column("image_labels", "verdict")


def downgrade() -> None:
    """Deletes verdicts on labels that no image has any more."""
    op.add_column("image_labels", sa.Column("verdict", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("image_labels_verdict_check"), "image_labels", "verdict in ('right', 'wrong')")
    op.execute(
        "update image_labels set verdict = said.verdict from label_verdicts as said "
        "where said.image_id = image_labels.image_id and said.key = image_labels.key"
    )
    op.drop_table("label_verdicts")
