"""The domain knows neither settings nor locks nor HTTP."""

import re
from pathlib import Path

import pytest

DOMAIN = Path(__file__).resolve().parents[2] / "src" / "domain"


@pytest.mark.parametrize(
    "foreign",
    [
        r"TINTYPE_|OPENAI_|environ\b",
        r"\b(un)?lock(s|ed|ing)?\b(?!.out)|\badvisory\b",
        r"\b(status_code|headers)\b",
    ],
)
def test_domain_names_no_foreign_matter(foreign: str) -> None:
    pattern = re.compile(foreign)
    found = {
        f"{path.relative_to(DOMAIN)}:{number}: {line.strip()}"
        for path in DOMAIN.rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    }

    assert found == set()
    assert len(list(DOMAIN.rglob("*.py"))) > 50
