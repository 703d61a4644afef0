"""The migrations of this program, read from their files. Alembic takes a third of a second to load them, in every
process that checks the schema."""

import re
from functools import cache
from pathlib import Path

_INSTALLED = Path(__file__).with_name("scripts")
SCRIPTS = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parents[3] / "migrations"
"""The migrations are beside this file in a wheel (see pyproject.toml), and at the top of a checkout."""

_ASSIGNMENT = re.compile(r'^(revision|down_revision)\b[^=\n]*= *"([^"]+)"', re.MULTILINE)


@cache
def known_revisions() -> frozenset[str]:
    return frozenset(revision for revision, _ in _links())


def newest_revision() -> str:
    """Return the revision that no other one follows."""
    [newest] = known_revisions() - {previous for _, previous in _links()}
    return newest


@cache
def _links() -> tuple[tuple[str, str | None], ...]:
    """Return each revision with the previous one."""
    files = (SCRIPTS / "versions").glob("*.py")
    assigned = [dict(_ASSIGNMENT.findall(file.read_text(encoding="utf-8"))) for file in files]
    return tuple((names["revision"], names.get("down_revision")) for names in assigned)
