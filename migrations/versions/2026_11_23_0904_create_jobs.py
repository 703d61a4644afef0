"""The tables of pgqueuer 1.6.0, in their own schema."""

import re
from pathlib import Path

from alembic import op

revision = "0005_jobs"
down_revision = "0004_housekeeping"
branch_labels = None
depends_on = None
kind = "expand"
oldest_release = "0.1.0"

# The output of `PGQUEUER_SCHEMA=jobs pgq sql install`, unchanged since. A later pgqueuer gets another migration, from
# `pgq upgrade --plan`.
INSTALL = Path(__file__).with_name("pgqueuer_1_6_0.sql")
BETWEEN_STATEMENTS = re.compile(r";\n\n(?=CREATE )")


def upgrade() -> None:
    for statement in BETWEEN_STATEMENTS.split(INSTALL.read_text()):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    op.execute("drop schema jobs cascade")
