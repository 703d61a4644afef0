"""Maintenance is done by one worker of a deployment."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from container import Container
from domain.errors import Unavailable
from entrypoints.worker.once import Action, once_per_deployment
from tests.containers import container_for
from tests.doubles import StoppedClock

SECONDS = 3600


class Sweep:
    """A task that counts its runs and can fail."""

    def __init__(self) -> None:
        self.runs = 0
        self.fails = False

    async def sweep(self) -> None:
        self.runs += 1
        if self.fails:
            raise Unavailable("the disk is full")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def container(either_store: str | None, clock: StoppedClock) -> AsyncIterator[Container]:
    async with container_for(either_store, clock=clock) as container:
        yield container


@pytest.fixture
def workers(container: Container, clock: StoppedClock) -> tuple[Sweep, list[Action]]:
    """The task of two workers."""
    task, runs = Sweep(), container.storage().maintenance_runs
    return task, [once_per_deployment(task.sweep, SECONDS, runs, clock) for _ in range(2)]


async def test_one_worker_does_task(workers: tuple[Sweep, list[Action]], clock: StoppedClock) -> None:
    task, actions = workers
    for runs in (1, 2, 3):
        for action in actions * 3:
            await action()
        assert task.runs == runs
        clock.advance(timedelta(seconds=SECONDS / 2))


async def test_other_worker_repeats_failed_task(workers: tuple[Sweep, list[Action]]) -> None:
    task, (one, two) = workers
    task.fails = True
    with pytest.raises(Unavailable):
        await one()

    task.fails = False
    await two()
    await one()
    assert task.runs == 2
