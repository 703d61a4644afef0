"""Versions of the indexing rules of documents and names; original spellings of tags.

Each column has a constant default or none, so that no table is rewritten. The worker indexes existing rows again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014_search_versions"
down_revision = "0013_checks"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

_VERSIONS = (("search_documents", "version"), ("users", "name_version"))


def upgrade() -> None:
    for table, column in _VERSIONS:
        op.add_column(table, sa.Column(column, sa.SmallInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("post_tags", sa.Column("typed", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("post_tags", "typed")
    for table, column in reversed(_VERSIONS):
        op.drop_column(table, column)
