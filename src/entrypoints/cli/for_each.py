"""Runs an action for each of several files; one failure does not stop the others."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import typer

from domain.errors import DomainError, Unavailable
from entrypoints.cli.errors import print_error
from entrypoints.cli.progress import progress


async def for_each(files: Sequence[Path], action: Callable[[Path], Awaitable[None]], label: str, as_json: bool) -> None:
    """Do `action` to each file, telling what goes wrong; ends with the worst exit code.

    Something unavailable, such as a missing model, stands in the way of all of them: it is raised at once.
    """
    worst = 0
    with progress(label, len(files)) as advance:
        for file in files:
            try:
                await action(file)
            except Unavailable:
                raise
            except DomainError as error:
                worst = max(worst, print_error(error, as_json=as_json, file=file))
            advance(file.name)
    if worst:
        raise typer.Exit(worst)
