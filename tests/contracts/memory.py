"""Binds the storage contracts to the memory storage."""

from adapters.memory.storage import MemoryStorage
from tests.contracts.harness import BOUNDS, StorageHarness


def memory_harness() -> StorageHarness:
    return StorageHarness(MemoryStorage(BOUNDS))
