import pytest

from adapters.memory.clock import MemoryClock
from adapters.memory.ids import MemoryIds
from domain.clock import Clock
from domain.ids import Ids
from tests.contracts.clock_and_ids import ClockContract, IdsContract


class TestMemoryClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return MemoryClock()

    def test_clock_is_deterministic(self, clock: Clock) -> None:
        assert clock.now() < clock.now()
        assert MemoryClock().now() == MemoryClock().now()


class TestMemoryIds(IdsContract):
    @pytest.fixture
    def ids(self) -> Ids:
        return MemoryIds()

    def test_ids_are_deterministic(self, ids: Ids) -> None:
        again = MemoryIds()

        assert [ids.new(), ids.new()] == [again.new(), again.new()]
        assert ids.secret() == again.secret()

    def test_ids_depend_on_seed(self, ids: Ids) -> None:
        other = MemoryIds(seed=1)

        assert ids.new() != other.new()
        assert ids.secret() != other.secret()
