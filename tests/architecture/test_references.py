"""Documents name existing commands, settings and calls, and the references name all of them."""

import json
import re
from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from entrypoints.asgi import create_app
from entrypoints.cli.app import app
from entrypoints.settings import Settings
from tests.architecture.documents import DOCS, REPOSITORY, all_text
from tests.containers import memory_container

_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
_MAKE = re.compile(r"(?:`|^|&& )make ([a-z-]+)", re.MULTILINE)
_TINTYPE = re.compile(r"(?:`|\$ |^)tintype ([a-z][^`\n]*)", re.MULTILINE)
_OPTION = re.compile(r"--[a-z-]+")
_SETTING = re.compile(r"\bTINTYPE_[A-Z_]+[A-Z]\b")
_CALL = re.compile(r"^\| `(GET|POST|PUT|PATCH|DELETE) (/[^`?]*)`", re.MULTILINE)


def _commands() -> dict[tuple[str, ...], Any]:
    """All commands: one word, or two for a command of a group. A group's own word is its default command."""
    commands = get_command(app).commands  # type: ignore[attr-defined]  # the program is a group of commands
    return {words: command for name, each in commands.items() for words, command in _inner((name,), each)}


def _inner(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    members = getattr(command, "commands", {})
    default = getattr(command, "default_command", None)
    yield from ((words if name == default else (*words, name), each) for name, each in members.items())
    if not members:
        yield words, command


def _fault(example: str, commands: dict[tuple[str, ...], Any]) -> str | None:
    """The command or option in an example, such as `post photo.jpg --as ada`, that does not exist."""
    words = tuple(example.split())
    command = commands.get(words[:2]) or commands.get(words[:1])
    if command is None:
        return None if "/" in words or len(words) == 1 else "no such command"
    known = {option for parameter in command.params for option in parameter.opts}
    return ", ".join(set(_OPTION.findall(example)) - known - {"--help"}) or None


def test_make_targets_in_documents_exist() -> None:
    targets = set(_TARGET.findall((REPOSITORY / "Makefile").read_text()))
    named = set(_MAKE.findall(all_text()))

    assert named - targets == set()
    assert len(named) > 20


def test_commands_and_options_in_documents_exist() -> None:
    commands, examples = _commands(), set(_TINTYPE.findall(all_text()))

    assert {example: fault for example in examples if (fault := _fault(example, commands))} == {}
    assert len(examples) > 20


def test_commands_in_recording_exist() -> None:
    header, *events = map(json.loads, (DOCS / "recordings" / "quickstart.cast").read_text().splitlines())
    shown = "".join(text for _, kind, text in events if kind == "o")
    examples = re.findall(r"\$\x1b\[0m tintype (.*)\r\n", shown)

    assert header["version"] == 2
    assert len(examples) > 5
    assert [example for example in examples if _fault(example, _commands())] == []


def test_command_line_reference_is_complete() -> None:
    page = (DOCS / "cli.md").read_text()

    assert [words for words in _commands() if f"`tintype {' '.join(words)}" not in page] == []


def test_settings_in_documents_exist() -> None:
    settings = {f"TINTYPE_{name.upper()}" for name in Settings.model_fields}
    named = set(_SETTING.findall(all_text()))

    assert named - settings == {"TINTYPE_TEST_DATA"}  # which tests read
    assert len(named) > 20


def test_rest_api_reference_matches_existing_calls() -> None:
    paths = create_app(memory_container()).openapi()["paths"]
    calls = {(method.upper(), path) for path, methods in paths.items() for method in methods}

    assert set(_CALL.findall((DOCS / "rest-api.md").read_text())) == calls
