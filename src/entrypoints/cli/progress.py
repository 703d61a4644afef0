"""A progress bar on stderr, shown in a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str], None]
"""One more is done; the text says how it stands."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Advance]:
    """A bar of `total` steps; silent when stderr is no terminal, or when there is only one step."""
    if not sys.stderr.isatty() or total < 2:  # noqa: PLR2004  (a bar of one step tells nothing)
        yield lambda _text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[at]}"),
    )
    # On a terminal rich writes what is printed meanwhile above the bar, to stderr; a file must still get its stdout.
    console, above = Console(stderr=True), sys.stdout.isatty()
    with Progress(*columns, console=console, transient=True, redirect_stdout=above) as bar:
        task = bar.add_task(label, total=total, at="")
        yield lambda text: bar.update(task, advance=1, at=text)
