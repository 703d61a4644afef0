"""Check the statements of migrations with squawk: `make migrations`.

    PYTHONPATH=src python bin/migration_statements.py

It reports statements that hold a lock for long or need a longer one, and in an expanding migration those that break the
release before. Migrations from before the first release are left out: no running program has seen them.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from adapters.postgres.revisions import SCRIPTS, Migration, known_migrations

FIRST_RELEASE = "0032_schema_support"
"""The newest migration of the first release."""

ALWAYS_ALLOWED = (
    "ban-drop-constraint",  # a check is replaced by a wider one
    "prefer-bigint-over-int",  # counts and sizes
    "prefer-identity",
    "prefer-robust-stmts",  # each migration is a transaction
    "require-timeout-settings",  # migrations/env.py sets them
)
CONTRACTING = ("ban-drop-column", "ban-drop-not-null", "ban-drop-table", "renaming-column", "renaming-table")
"""What only a contracting migration may do."""


def main() -> int:
    files = []
    with tempfile.TemporaryDirectory(prefix="tintype-migrations-") as folder:
        for migration in migrations_to_check():
            file = Path(folder, f"{migration.revision}.sql")
            file.write_text(statements(migration), encoding="utf-8")
            files.append((migration, file))
        failed = [migration.revision for migration, file in files if check(migration, file)]
    print(
        f"{len(files)} migrations after {FIRST_RELEASE} checked" + (f", failed: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


def migrations_to_check() -> list[Migration]:
    """Return the migrations after the first release, oldest first."""
    after = {migration.previous: migration for migration in known_migrations().values()}
    found = []
    revision = FIRST_RELEASE
    while (migration := after.get(revision)) is not None:
        found.append(migration)
        revision = migration.revision
    return found


def statements(migration: Migration) -> str:
    """Return the SQL of a migration, as Alembic prints it without a database."""
    written = io.StringIO()
    config = Config(output_buffer=written)
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    command.upgrade(config, f"{migration.previous}:{migration.revision}", sql=True)
    return written.getvalue()


def check(migration: Migration, file: Path) -> int:
    allowed = (*ALWAYS_ALLOWED, *(CONTRACTING if migration.kind == "contract" else ()))
    program = Path(sys.executable).with_name("squawk")
    options = [f"--exclude={','.join(allowed)}", "--pg-version=15"]
    return subprocess.run([program, *options, file], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
