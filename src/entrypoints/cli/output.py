"""Output of a command: text for people or JSON Lines for programs, never both."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import typer

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Other people's text, fit for a terminal: no escape sequences, no reversal of the writing direction."""
    return _CONTROLS.sub("�", text)


@dataclass(frozen=True, slots=True)
class Output:
    as_json: bool

    def print_result(self, shape: Mapping[str, Any], text: str) -> None:
        """One result: `shape` as a JSON line, or `text` for a person."""
        _print(json.dumps(shape, ensure_ascii=False) if self.as_json else text)

    def print_note(self, text: str) -> None:
        """A remark for people only, such as a heading or that a list is empty."""
        if not self.as_json:
            _print(text)


def _print(text: str) -> None:
    # Not typer's own idea of stdout, which goes around a progress bar and into the middle of it.
    typer.echo(text, file=sys.stdout)
