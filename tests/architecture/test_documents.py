"""Documents have one format, and their links and paths exist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.documents import DOCS, DOCUMENTS, REPOSITORY, all_text

WIDTH = 100
ADRS = sorted((DOCS / "adr").glob("0*.md"))
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SUITES = re.compile(r"[Cc]ontract\s+suites?\s+((?:`\w+`(?:,\s+|\s+and\s+)?)+)")
_TEST_FILE = re.compile(r"`(test_\w+\.py)`")
_PATH = re.compile(r"`((?:src|tests|docs|bin|bench|deploy|migrations|requirements|\.github)/[\w./-]*\w)`")


def _wide_lines(path: Path) -> Iterator[int]:
    """The numbers of lines above the limit, except tables, code and lines with links."""
    code = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        code ^= line.startswith("```")
        if len(line) > WIDTH and not code and not line.startswith("|") and not _LINK.search(line):
            yield number


def test_markdown_lines_are_within_limit() -> None:
    assert DOCUMENTS
    assert {str(path): list(_wide_lines(path)) for path in DOCUMENTS if any(_wide_lines(path))} == {}


def test_linked_files_exist() -> None:
    links = [(path, link.partition("#")[0]) for path in DOCUMENTS for link in _LINK.findall(path.read_text())]
    local = [(path, link) for path, link in links if link and not link.startswith(("http:", "https:"))]

    assert local
    assert [(str(path), link) for path, link in local if not (path.parent / link).exists()] == []


def test_paths_in_documents_exist() -> None:
    paths = set(_PATH.findall(all_text()))

    assert paths
    # The test image has no .github.
    assert {path for path in paths if not path.startswith(".github") and not (REPOSITORY / path).exists()} == set()


def test_contract_suites_in_documents_exist() -> None:
    suites = {name for listed in _SUITES.findall(all_text()) for name in re.findall(r"`(\w+)`", listed)}

    assert suites
    assert {name for name in suites if not (REPOSITORY / "tests" / "contracts" / f"{name}.py").exists()} == set()


def test_test_files_named_without_folder_exist() -> None:
    names = set(_TEST_FILE.findall(all_text()))

    assert names
    assert names - {path.name for path in (REPOSITORY / "tests").rglob("test_*.py")} == set()


@pytest.mark.skipif(not (REPOSITORY / ".git").exists(), reason="needs a checkout")
def test_only_ci_refers_to_files_outside_repository() -> None:
    found = subprocess.run(
        ["git", "grep", "--files-with-matches", "--extended-regexp", r"\.\./shared|[\"']shared[\"'] */"],  # noqa: S607
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert found.split() == [".ci/run"]


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_decisions_have_common_format(path: Path) -> None:
    title, _, status, *rest = path.read_text().splitlines()
    headings = [line.removeprefix("## ") for line in rest if line.startswith("## ")]
    common = ["Context", "Decision", "Measurements", "Consequences", "Alternatives", "Guards"]

    assert re.fullmatch(rf"# {int(path.name[:4])}\. \S.*", title)
    assert re.match(r"Status: (accepted|superseded), \d{4}-\d\d-\d\d", status)
    assert headings == [heading for heading in common if heading in headings]
    assert {"Context", "Decision", "Consequences", "Alternatives"} <= set(headings)


def test_index_lists_decisions_by_title() -> None:
    index = (DOCS / "adr" / "index.md").read_text()
    titles = {path.name: path.read_text().splitlines()[0].removeprefix("# ") for path in ADRS}

    assert [line for name, title in titles.items() if (line := f"- [ADR {title}]({name})") not in index] == []


def test_configuration_reference_is_current(tmp_path: Path) -> None:
    generated = tmp_path / "configuration.md"
    script = REPOSITORY / "bin" / "configuration.py"
    environment = {"PYTHONPATH": str(REPOSITORY / "src")}

    subprocess.run([sys.executable, script, generated], check=True, env=environment)

    assert (DOCS / "configuration.md").read_text() == generated.read_text(), "run make configuration"
