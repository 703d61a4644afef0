"""The migrations of this program, read from their files. Alembic takes a third of a second to load them, in every
process that checks the schema."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from release import order

_INSTALLED = Path(__file__).with_name("scripts")
SCRIPTS = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parents[3] / "migrations"
"""The migrations are beside this file in a wheel (see pyproject.toml), and at the top of a checkout."""

_ASSIGNMENT = re.compile(r'^(revision|down_revision|kind|oldest_release)\b[^=\n]*= *"([^"]+)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Migration:
    """`kind` is "expand" or "contract". `oldest_release`: the oldest release that works after it."""

    revision: str
    previous: str | None
    kind: str
    oldest_release: str


@cache
def known_migrations() -> dict[str, Migration]:
    """Return the migrations by revision. Raises `KeyError` if a file lacks an assignment."""
    files = (SCRIPTS / "versions").glob("*.py")
    assigned = [dict(_ASSIGNMENT.findall(file.read_text(encoding="utf-8"))) for file in files]
    return {
        names["revision"]: Migration(
            names["revision"], names.get("down_revision"), names["kind"], names["oldest_release"]
        )
        for names in assigned
    }


def newest_revision() -> str:
    """Return the revision that no other one follows."""
    migrations = known_migrations()
    [newest] = migrations.keys() - {migration.previous for migration in migrations.values()}
    return newest


def oldest_release(revision: str | None) -> str | None:
    """Return the oldest release that supports the schema at this revision: none of its migrations excludes it. Returns
    None for an empty database. Raises `KeyError` for an unknown revision."""
    releases = []
    while revision is not None:
        migration = known_migrations()[revision]
        releases.append(migration.oldest_release)
        revision = migration.previous
    return max(releases, key=order, default=None)
