"""${message}"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}
# "expand": the releases from `oldest_release` on still work. "contract": it removes what an older one needs
# (docs/upgrading.md).
kind = "expand"
oldest_release = "0.1.0"


def upgrade() -> None:
    # Waits for locks for at most 5 seconds (migrations/env.py). Add columns with defaults and build indexes
    # concurrently. Remove a column one release after the last code that reads it.
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
