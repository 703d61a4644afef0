"""Name, scopes, last use and origin of tokens.

Each column has a constant default or none, so that no table is rewritten. The index is built concurrently.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023_scopes"
down_revision = "0022_moderation"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

ALL_SCOPES = sa.text("'{read,write,moderate,admin}'")


def upgrade() -> None:
    op.add_column("tokens", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("scopes", sa.ARRAY(sa.Text()), server_default=ALL_SCOPES, nullable=False))
    op.add_column("tokens", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("tokens", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("tokens", sa.Column("address", sa.Text(), nullable=True))
    with op.get_context().autocommit_block():
        # An interrupted build leaves an invalid index.
        op.execute("drop index concurrently if exists tokens_origin_idx")
        op.create_index(
            "tokens_origin_idx",
            "tokens",
            ["created_at"],
            postgresql_where=sa.text("address is not null"),
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index("tokens_origin_idx", table_name="tokens", postgresql_concurrently=True, if_exists=True)
    for column in ("address", "device", "last_used_at", "scopes", "name"):
        op.drop_column("tokens", column)
