"""The Markdown files of the repository."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
_FOLDERS = ("docs", "clients", "src", "tests", ".github")
_IN_FOLDERS = (path for name in _FOLDERS for path in (REPOSITORY / name).rglob("*.md"))
DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *_IN_FOLDERS])


def all_text() -> str:
    return "\n".join(path.read_text() for path in DOCUMENTS)
