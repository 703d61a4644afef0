"""The work of `tintype model backfill`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from entrypoints.cli.command_context import CommandContext
from entrypoints.cli.local_engine import LocalEngine
from entrypoints.cli.progress import progress
from entrypoints.wording import pluralize

NICENESS = 10
"""The priority is that of a worker: lower than that of the API."""


async def backfill_images(command: CommandContext) -> None:
    """Classify all outstanding images. Raises `ModelMissing`, `ModelChanged`."""
    backfilling, engine = command.container.backfilling(), LocalEngine(command.container).run
    model = await backfilling.current_model()
    total = await backfilling.count(model)
    with _low_priority(), progress("Classifying", total) as advance_one:

        def advance(count: int) -> None:
            for _ in range(count):
                advance_one("")

        await backfilling.run(model, engine, advance)
    left = await backfilling.count(model)
    text = f"{pluralize(total, 'image')} had no labels by {model}; {left} are left."
    command.out.print_result({"model": str(model), "outstanding": total, "left": left}, text)


@contextmanager
def _low_priority() -> Iterator[None]:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(before, NICENESS))
    try:
        yield
    finally:
        with suppress(PermissionError):  # only root may raise it again
            os.setpriority(os.PRIO_PROCESS, 0, before)
