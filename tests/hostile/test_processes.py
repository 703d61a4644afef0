"""Decoding processes that reach limits, are killed, or are idle."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.decoding.memory_budget import MemoryBudget
from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import DecodingTask
from adapters.vips.processor import VipsImageProcessor
from domain.errors import Unavailable
from domain.images import BrokenImage
from domain.limits import Limits
from tests import sample_images
from tests.embedded.processes import is_alive, wait_until
from tests.hostile import files

LIMITS = Limits()
pytestmark = pytest.mark.skipif(not Path("/proc").exists(), reason="processes are seen under /proc")


@pytest.fixture
def pool() -> Iterator[DecodingPool]:
    pool = DecodingPool(processes=2)
    yield pool
    pool.close()


def decodes(pool: DecodingPool) -> bool:
    return len(pool.decode(DecodingTask.NETWORK, LIMITS.max_pixels, sample_images.a_jpeg()).body) == 224 * 224 * 3


def children(of: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{of}/task/{of}/children").read_text().split()]


def spawner(pool: DecodingPool) -> int:
    """The process id of the pool's spawner."""
    before = set(children(os.getpid()))
    pool.start()
    (found,) = set(children(os.getpid())) - before
    return found


async def test_image_with_too_much_cpu_time_is_refused() -> None:
    pool = DecodingPool(processes=2, processor_seconds=0)  # less than a second
    with pytest.raises(BrokenImage, match="more than 0 s of CPU time"):
        await VipsImageProcessor(LIMITS, pool).prepare(files.scaling_bomb())
    assert [decodes(pool) for _ in range(3)] == [True] * 3
    pool.close()


def test_image_on_busy_machine_is_not_refused_as_broken() -> None:
    pool = DecodingPool(processes=1)
    parent = spawner(pool)
    assert decodes(pool)
    (idle,) = children(parent)
    os.kill(idle, signal.SIGSTOP)
    pool.deadline = 0.5
    with pytest.raises(Unavailable, match=r"machine is busy.* within 0\.5 s") as caught:
        decodes(pool)
    assert caught.value.retry_after == 10.0
    pool.deadline = 10.0
    assert decodes(pool)
    pool.close()


def test_image_of_killed_process_is_not_refused_as_broken(pool: DecodingPool) -> None:
    parent = spawner(pool)
    assert decodes(pool)
    (idle,) = children(parent)
    os.kill(idle, signal.SIGSTOP)
    decoding = pool.new_decoding(DecodingTask.NETWORK, LIMITS.max_pixels, sample_images.a_jpeg())
    assert decoding.result_within(0.0) is None
    os.kill(idle, signal.SIGKILL)
    with pytest.raises(Unavailable, match="cannot be decoded now"):
        decoding.result()
    assert decodes(pool)


def test_killed_idle_process_affects_no_image(pool: DecodingPool) -> None:
    parent = spawner(pool)
    assert decodes(pool)
    (idle,) = children(parent)
    os.kill(idle, signal.SIGKILL)
    wait_until(lambda: not is_alive(idle))
    assert decodes(pool)


def test_killed_spawner_is_restarted(pool: DecodingPool) -> None:
    parent = spawner(pool)
    assert decodes(pool)
    (idle,) = children(parent)
    os.kill(parent, signal.SIGKILL)
    wait_until(lambda: not is_alive(idle))
    assert decodes(pool)


def test_number_of_large_images_at_once_is_limited() -> None:
    budget = MemoryBudget(100, max_images=2)
    assert [budget.acquire(10, wait=False) for _ in range(3)] == [True, True, False]
    budget.release(10)
    assert [budget.acquire(10, wait=False) for _ in range(2)] == [True, False]


def test_idle_processes_end() -> None:
    pool = DecodingPool(processes=1, idle_timeout=0.0)
    parent = spawner(pool)
    assert decodes(pool)
    wait_until(lambda: not children(parent))
    assert decodes(pool)
    pool.close()


def test_closed_pool_starts_new_processes(pool: DecodingPool) -> None:
    assert decodes(pool)
    pool.close()
    assert decodes(pool)


async def test_memory_of_large_image_is_released() -> None:
    pool = DecodingPool(processes=1, deadline=60.0)
    parent = spawner(pool)
    await VipsImageProcessor(LIMITS, pool).prepare(files.scaling_bomb())
    assert decodes(pool)
    assert sum(resident(pid) for pid in children(parent)) < 160
    pool.close()


def resident(pid: int) -> float:
    """Resident memory in MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
