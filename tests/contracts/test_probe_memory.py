from adapters.memory.health import MemoryProbe
from domain.health import Health


async def test_memory_is_well_and_says_that_it_forgets() -> None:
    found = await MemoryProbe("database").check()

    assert found == Health("database", ok=True, detail="kept in memory; gone when this process ends")
