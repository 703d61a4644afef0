"""The queue's own tables: pgqueuer 1.6.0, in a schema apart."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

revision = "0005_jobs"
down_revision = "0004_housekeeping"
branch_labels = None
depends_on = None

# What `PGQUEUER_SCHEMA=jobs pgq sql install` printed, frozen: a later pgqueuer brings a migration of its own, from
# `pgq upgrade --plan`.
INSTALL = Path(__file__).with_name("pgqueuer_1_6_0.sql")


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("select 1")  # SQLAlchemy begins the transaction with its own first statement only
    # Many statements at once: asyncpg takes them by the simple protocol, which the dialect does not speak.
    await_only(connection.connection.driver_connection.execute(INSTALL.read_text()))  # type: ignore[union-attr]  # it is connected


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
