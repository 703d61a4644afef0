"""The tables of pgqueuer 1.6.0, in their own schema."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0005_jobs"
down_revision = "0004_housekeeping"
branch_labels = None
depends_on = None

# The output of `PGQUEUER_SCHEMA=jobs pgq sql install`, unchanged since. A later pgqueuer gets another migration, from
# `pgq upgrade --plan`.
INSTALL = Path(__file__).with_name("pgqueuer_1_6_0.sql")


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("select 1")  # SQLAlchemy begins the transaction with its own first statement only
    # Several statements in one call need asyncpg's simple protocol, which the dialect does not use.
    await_only(connection.connection.driver_connection.execute(INSTALL.read_text()))  # type: ignore[union-attr]  # it is connected


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
