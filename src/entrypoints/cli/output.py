"""Output of commands: text for people or JSON Lines for programs."""

import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import typer

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Text of other users made safe for a terminal: without control characters and changes of the writing direction."""
    return _CONTROLS.sub("�", text)


@dataclass(frozen=True, slots=True)
class Output:
    as_json: bool

    def print_result(self, shape: Mapping[str, Any] | Callable[[], Mapping[str, Any]], text: str) -> None:
        """Print one result: `shape`, or what it returns, as a line of JSON, or `text`."""
        if not self.as_json:
            _print(text)
        else:
            _print(json.dumps(shape() if callable(shape) else shape, ensure_ascii=False))

    def print_note(self, text: str) -> None:
        """Print a remark for people, such as a heading. Prints nothing with --json."""
        if not self.as_json:
            _print(text)


def _print(text: str) -> None:
    # Not typer's own stdout, which would print into the middle of a progress bar.
    typer.echo(text, file=sys.stdout)
