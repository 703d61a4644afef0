"""Documents name commands, settings and calls that exist, and the references name all of them."""

import re
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from entrypoints.cli.app import app
from entrypoints.rest.app import create_app
from entrypoints.settings import Settings
from tests.architecture.documents import DOCS, REPOSITORY, all_text
from tests.worlds import memory_container

_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
_MAKE = re.compile(r"(?:`|^|&& )make ([a-z-]+)", re.MULTILINE)
_TINTYPE = re.compile(r"(?:`|\$ |^)tintype ([a-z][a-z-]*)(?: ([a-z-]+))?", re.MULTILINE)
_SETTING = re.compile(r"\bTINTYPE_[A-Z_]+[A-Z]\b")
_CALL = re.compile(r"^\| `(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)`", re.MULTILINE)


def _commands() -> Iterator[tuple[str, ...]]:
    """The words of each command: one, or two for a command of a group."""
    for name, command in _members(get_command(app)):
        inner = list(_members(command))
        yield from ((name, each) for each, _ in inner)
        if not inner:
            yield (name,)


def _members(command: Any) -> Iterator[tuple[str, Any]]:
    yield from getattr(command, "commands", {}).items()


def test_each_make_target_in_the_documents_exists() -> None:
    targets = set(_TARGET.findall((REPOSITORY / "Makefile").read_text()))
    named = set(_MAKE.findall(all_text()))

    assert named - targets == set()
    assert len(named) > 20


def test_each_command_in_the_documents_exists() -> None:
    commands = set(_commands())
    named = set(_TINTYPE.findall(all_text()))

    assert {words for words in named if words[:1] not in commands and words not in commands and words[1]} == set()
    assert len(named) > 20


def test_the_command_line_reference_is_complete() -> None:
    page = (DOCS / "cli.md").read_text()

    assert [words for words in _commands() if f"`tintype {' '.join(words)}" not in page] == []


def test_each_setting_in_the_documents_exists() -> None:
    settings = {f"TINTYPE_{name.upper()}" for name in Settings.model_fields}
    named = set(_SETTING.findall(all_text()))

    assert named - settings == set()
    assert len(named) > 20


def test_the_rest_api_reference_has_exactly_the_calls_that_exist() -> None:
    paths = create_app(memory_container()).openapi()["paths"]
    calls = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert set(_CALL.findall((DOCS / "rest-api.md").read_text())) == calls
