"""Runs periodic tasks until the worker stops."""

import asyncio
import logging
from asyncio import Event
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from domain.errors import DomainError

logger = logging.getLogger("tintype.worker")


@dataclass(frozen=True, slots=True)
class Schedule:
    """Intervals in seconds. `sweep`: how soon a due task without a job is found. `cleanup`: between deletions of
    short-lived rows. `maintenance`: between all other periodic tasks. `startup_delay`: before the first of them.
    `first_delay` and `max_delay`: bounds of the wait after an error."""

    sweep: float = 3.0
    cleanup: float = 60.0
    maintenance: float = 3600.0
    startup_delay: float = 60.0
    first_delay: float = 1.0
    max_delay: float = 60.0


@dataclass(frozen=True, slots=True)
class PeriodicTasks:
    """Loops that end with `stop`. `jitter` returns 0-1, so that workers do not run in lockstep."""

    stop: Event
    schedule: Schedule
    jitter: Callable[[], float]

    async def repeat(self, seconds: float, action: Callable[[], Awaitable[object]], *, after: float = 0.0) -> None:
        """Run `action`, pause `seconds` (with jitter of half as much in both directions), and repeat; the first time
        after `after` seconds. After an error, `action` is retried with increasing delay."""
        await self._pause(after)
        while not self.stop.is_set():
            await self.retry_until_done(action)
            await self._pause(seconds)

    async def retry_until_done(self, action: Callable[[], Awaitable[object]]) -> None:
        """Run `action` until it succeeds, or until the stop."""
        delay = self.schedule.first_delay
        while not self.stop.is_set():
            try:
                await action()
            except DomainError as error:
                logger.warning("%s: %s; retrying in about %.0f s", _action_name(action), error.operator_message, delay)
            except Exception:
                logger.exception("%s failed; retrying in about %.0f s", _action_name(action), delay)
            else:
                return
            await self._pause(delay)
            delay = min(2 * delay, self.schedule.max_delay)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds * (0.5 + self.jitter())):
                await self.stop.wait()


def _action_name(action: Callable[[], Awaitable[object]]) -> str:
    return getattr(action, "__qualname__", repr(action))
