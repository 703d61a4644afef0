"""Options and types that several commands share."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

MakeContainer = Callable[[], Any]
"""Builds a `container.Container`; the type is not named here because naming it would import half the program."""


@dataclass(frozen=True, slots=True)
class Program:
    make_container: MakeContainer


def build_container() -> Any:
    """The container as the environment's settings say. Raises `Unavailable` when what they need is not installed."""
    from container import Container
    from entrypoints.cli.errors import load_settings

    container = Container(config=load_settings().config())
    container.classifier_runtime()  # raises where it is missing
    return container


Json = Annotated[bool, typer.Option("--json", help="Print JSON Lines in the shapes of the REST API.")]
Actor = Annotated[str, typer.Option("--as", metavar="NAME", help="Whose account acts; no password is asked for.")]
Viewer = Annotated[str | None, typer.Option("--as", metavar="NAME", help="Whose eyes see it; nobody's by default.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most.")]
PostRef = Annotated[str, typer.Argument(metavar="POST_ID", show_default=False)]
Name = Annotated[str, typer.Argument(metavar="NAME", show_default=False)]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", show_default=False)]


def command_group(name: str, summary: str) -> typer.Typer:
    """A group of commands; without one of them it shows its help."""
    return typer.Typer(name=name, help=summary, no_args_is_help=True, rich_markup_mode=None)
