"""The memory storage as a world for the suites."""

from adapters.memory.storage import MemoryStorage
from tests.contracts.world import BOUNDS, World


def memory_world() -> World:
    return World(MemoryStorage(BOUNDS))
