"""Periodic tasks that one worker of the deployment does."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import wraps

from domain.clock import Clock
from domain.maintenance import MaintenanceRuns

Action = Callable[[], Awaitable[object]]


def once_per_deployment(action: Action, seconds: float, runs: MaintenanceRuns, clock: Clock) -> Action:
    """Return an action that does nothing if any worker began `action` less than half of `seconds` ago, which is the
    shortest pause of `PeriodicTasks`."""
    name = getattr(action, "__qualname__", repr(action))

    @wraps(action)
    async def run_if_due() -> None:
        if not await runs.begin(name, clock.now(), timedelta(seconds=seconds / 2)):
            return
        try:
            await action()
        except Exception:
            await runs.undo(name)
            raise

    return run_if_due
