"""Options and types of several commands."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

MakeContainer = Callable[[], Any]
"""Builds a `container.Container`. Its type is Any, since importing it would import half the program."""


@dataclass(frozen=True, slots=True)
class Program:
    make_container: MakeContainer


def build_container() -> Any:
    """The container for the environment's settings. Raises `Unavailable` if a required package is not installed."""
    from container import Container
    from entrypoints.cli.errors import load_settings

    container = Container(config=load_settings().config())
    container.classifier_runtime()  # raises if it is missing
    container.tracing_packages()
    return container


Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines in the shapes of the REST API.")]
Actor = Annotated[str, typer.Option("--as", metavar="NAME", help="The acting account; no password is needed.")]
Viewer = Annotated[str | None, typer.Option("--as", metavar="NAME", help="The viewer; by default an anonymous one.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Maximum number of results.")]
PostRef = Annotated[str, typer.Argument(metavar="POST_ID", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)]


def command_group(name: str, summary: str) -> typer.Typer:
    """A group of commands. Without a command it prints its help."""
    return typer.Typer(name=name, help=summary, no_args_is_help=True, rich_markup_mode=None)
