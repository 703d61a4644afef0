"""The memory storage as a world for the suites."""

from adapters.memory.storage import MemoryStorage
from tests.contracts.harness import BOUNDS, StorageHarness


def memory_harness() -> StorageHarness:
    return StorageHarness(MemoryStorage(BOUNDS))
