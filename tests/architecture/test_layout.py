"""Packages are where they belong, and files are short."""

import importlib.util
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SRC = REPOSITORY / "src"
MAX_LINES = 250
"""Lines; a longer file needs an ADR that names it."""


@pytest.mark.parametrize(
    "name",
    [
        "domain",
        "adapters",
        "entrypoints",
        "container",
        "account_services",
        "analysis_services",
        "moderation_services",
        "technologies",
        "vision_technologies",
        "lazy_adapters",
        "optional_imports",
        "release",
    ],
)
def test_package_names_do_not_collide_with_other_packages(name: str) -> None:
    spec = importlib.util.find_spec(name)

    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(SRC)


def test_top_level_contains_only_known_packages() -> None:
    found = {path.name for path in SRC.iterdir() if path.name != "__pycache__"}

    assert found == {
        "domain",
        "adapters",
        "entrypoints",
        "container.py",
        "account_services.py",
        "analysis_services.py",
        "moderation_services.py",
        "technologies.py",
        "vision_technologies.py",
        "lazy_adapters.py",
        "optional_imports.py",
        "release.py",
    }


def test_files_are_short_unless_adr_states_reason() -> None:
    reasons = "".join(adr.read_text() for adr in (REPOSITORY / "docs" / "adr").glob("*.md"))
    lengths = {str(path.relative_to(REPOSITORY)): len(path.read_text().splitlines()) for path in SRC.rglob("*.py")}

    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > MAX_LINES and path not in reasons} == {}
