"""Rules of the domain name the SQL that mirrors them."""

import re
from pathlib import Path

import pytest

_SRC = Path(__file__).resolve().parents[2] / "src"
_NAME_AND_FILE = re.compile(r"((?:`\w+`(?:,| and)? )+)in\s+`(adapters/[\w/]+\.py)`")
MENTIONS = [
    (path.relative_to(_SRC).as_posix(), name, file)
    for path in sorted((_SRC / "domain").rglob("*.py"))
    for names, file in _NAME_AND_FILE.findall(" ".join(path.read_text().split()))
    for name in re.findall(r"`(\w+)`", names)
]


def test_rules_are_found() -> None:
    assert len(MENTIONS) > 10


@pytest.mark.parametrize(("rule", "name", "file"), MENTIONS)
def test_named_sql_exists(rule: str, name: str, file: str) -> None:
    assert re.search(rf"^(async def |def |class )?{name}\b", (_SRC / file).read_text(), re.MULTILINE), f"{rule}: {name}"
