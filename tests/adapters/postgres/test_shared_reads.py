"""Equal reads share an execution while they wait, and never one that has begun."""

import asyncio

import pytest

from adapters.postgres.concurrency import StatementLimit
from adapters.postgres.shared_reads import SharedReads
from domain.errors import Unavailable


class Source:
    """A value that is read slowly: an execution reads it at once, and answers when `open` is set."""

    def __init__(self) -> None:
        self.value = 0
        self.executed: list[str] = []
        self.open = asyncio.Event()

    async def execute(self, name: str) -> tuple[str, int]:
        self.executed.append(name)
        seen = self.value
        if name == "fault":
            raise LookupError(name)
        await self.open.wait()
        return name, seen


@pytest.fixture
def source() -> Source:
    return Source()


def shared_reads(source: Source, seconds: float = 60.0) -> SharedReads[str, tuple[str, int]]:
    """One execution at a time."""
    return SharedReads(StatementLimit("reads", 1, seconds), source.execute)


async def start(reads: SharedReads[str, tuple[str, int]], *names: str) -> list[asyncio.Task[tuple[str, int]]]:
    tasks = [asyncio.create_task(reads.read(name)) for name in names]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


async def test_waiting_reads_share_an_execution(source: Source) -> None:
    tasks = await start(shared_reads(source), "a", "b", "b", "c", "b")
    source.open.set()

    assert [name for name, _ in await asyncio.gather(*tasks)] == ["a", "b", "b", "c", "b"]
    assert source.executed == ["a", "b", "c"]


async def test_read_sees_what_changed_before_it(source: Source) -> None:
    reads = shared_reads(source)
    first = await start(reads, "a")
    source.value = 1
    second = await start(reads, "a")
    source.open.set()

    assert await asyncio.gather(*first, *second) == [("a", 0), ("a", 1)]


async def test_cancelled_read_does_not_disturb_others(source: Source) -> None:
    running, leaving, staying = await start(shared_reads(source), "a", "b", "b")
    leaving.cancel()
    source.open.set()

    assert [await running, await staying] == [("a", 0), ("b", 0)]


async def test_fault_is_reported_to_all_and_not_kept(source: Source) -> None:
    reads = shared_reads(source)
    tasks = await start(reads, "a", "fault", "fault")
    source.open.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)

    assert [type(result) for result in results] == [tuple, LookupError, LookupError]
    assert source.executed == ["a", "fault"]
    assert await reads.read("b") == ("b", 0)


async def test_read_without_slot_is_refused(source: Source) -> None:
    reads = shared_reads(source, seconds=0.0)
    (running,) = await start(reads, "a")

    with pytest.raises(Unavailable):
        await reads.read("b")
    source.open.set()
    assert await running == ("a", 0)
    assert await reads.read("b") == ("b", 0)
