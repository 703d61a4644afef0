"""The blocklist of known images, and quarantined images.

The column has a constant default, the index is built concurrently and the check is validated separately, so that
nothing blocks writes for long.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030_blocklist"
down_revision = "0026_identities"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

_OLD_CHECK, _CHECK = "decisions_decisions_effect_check_check", "decisions_effect_check"
"""The name of the check until now, and the one that the tables state."""
_EFFECTS = "'none', 'hide', 'mark_sensitive', 'limit', 'suspend', 'delete'"


def upgrade() -> None:
    with op.get_context().autocommit_block():  # every statement may be repeated after an interruption
        op.execute("alter table images add column if not exists quarantined boolean not null default false")
        _replace_effects(_OLD_CHECK, _CHECK, f"{_EFFECTS}, 'quarantine'")
        op.execute("drop index concurrently if exists decisions_released_idx")
        op.execute(
            "create index concurrently decisions_released_idx on decisions (target_id, created_at) "
            "where effect = 'none'"
        )
    _create_tables()


def downgrade() -> None:
    for table in ("screenings", "pdq_hashes", "blocklist_entries"):
        op.drop_table(table)
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists decisions_released_idx")
        op.execute("update decisions set effect = 'hide' where effect = 'quarantine'")
        _replace_effects(_CHECK, _OLD_CHECK, _EFFECTS)
        op.execute("alter table images drop column if exists quarantined")


def _replace_effects(old: str, new: str, effects: str) -> None:
    op.execute(
        f"alter table decisions drop constraint if exists {old}, drop constraint if exists {new}, "
        f"add constraint {new} check (effect in ({effects})) not valid"
    )
    op.execute(f"alter table decisions validate constraint {new}")


def _create_tables() -> None:
    op.create_table(
        "blocklist_entries",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", postgresql.BIT(varying=True), nullable=False),
        sa.Column("keys", sa.ARRAY(sa.Integer), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("added_by", sa.Text, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied", sa.Boolean, server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="blocklist_entries_pkey"),
        sa.UniqueConstraint("kind", "value", name="blocklist_entries_kind_value_key"),
        sa.CheckConstraint("kind in ('sha256', 'perceptual', 'pdq')", name=op.f("blocklist_entries_kind_check")),
        *_key_indexes("blocklist_entries"),
        sa.Index("blocklist_entries_unapplied_idx", "id", postgresql_where=sa.text("not applied")),
    )
    op.create_table(
        "pdq_hashes",
        sa.Column("image_id", sa.Uuid, nullable=False),
        sa.Column("value", postgresql.BIT(varying=True)),
        sa.Column("keys", sa.ARRAY(sa.Integer), nullable=False),
        sa.PrimaryKeyConstraint("image_id", name="pdq_hashes_pkey"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], ondelete="CASCADE", name="pdq_hashes_image_id_fkey"),
        *_key_indexes("pdq_hashes"),
    )
    op.create_table(
        "screenings",
        sa.Column("image_id", sa.Uuid, nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("image_id", name="screenings_pkey"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], ondelete="CASCADE", name="screenings_image_id_fkey"),
        sa.Index("screenings_next_attempt_at_idx", "next_attempt_at"),
    )


def _key_indexes(table: str) -> list[sa.Index]:
    return [sa.Index(f"{table}_key_{place}_idx", sa.text(f"(keys[{place + 1}])")) for place in range(16)]
