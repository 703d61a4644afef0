"""Runs an action for several files. A failure does not stop the others."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import typer

from domain.errors import DomainError, Unavailable
from entrypoints.cli.errors import print_error
from entrypoints.cli.progress import progress


async def for_each(files: Sequence[Path], action: Callable[[Path], Awaitable[None]], label: str, as_json: bool) -> None:
    """Run `action` for each file and print its errors. Exits with the highest exit code.

    `Unavailable`, such as a missing model, affects all files, so it is raised at once.
    """
    highest = 0
    with progress(label, len(files)) as advance:
        for file in files:
            try:
                await action(file)
            except Unavailable:
                raise
            except DomainError as error:
                highest = max(highest, print_error(error, as_json=as_json, file=file))
            advance(file.name)
    if highest:
        raise typer.Exit(highest)
