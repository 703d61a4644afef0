from adapters.memory.health import MemoryProbe
from domain.health import Health


async def test_memory_is_healthy_and_states_data_loss() -> None:
    found = await MemoryProbe("database").check()

    assert found == Health("database", ok=True, detail="kept in memory; gone when this process ends")
