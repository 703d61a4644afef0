"""A progress bar on stderr, for terminals only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[str], None]
"""Completes one step. The text describes the state."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Advance]:
    """A bar of `total` steps. Nothing is shown if stderr is not a terminal, or if there is only one step."""
    if not sys.stderr.isatty() or total < 2:  # noqa: PLR2004  (a bar of one step is useless)
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
    # On a terminal, rich prints other output above the bar, to stderr. Redirected output must still go to stdout.
    console, is_redirected = Console(stderr=True), sys.stdout.isatty()
    with Progress(*columns, console=console, transient=True, redirect_stdout=is_redirected) as bar:
        task = bar.add_task(label, total=total, at="")
        yield lambda text: bar.update(task, advance=1, at=text)
