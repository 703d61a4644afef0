import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.system.clock import SystemClock
from adapters.system.ids import SystemIds
from domain.clock import Clock
from domain.ids import Ids
from tests.contracts.clock_and_ids import ClockContract, IdsContract


class TestSystemClock(ClockContract):
    @pytest.fixture
    def clock(self) -> Clock:
        return SystemClock()


class TestSystemIds(IdsContract):
    @pytest.fixture
    def ids(self) -> Ids:
        return SystemIds()

    def test_ids_start_with_current_milliseconds(self, ids: Ids) -> None:
        assert abs((ids.new().int >> 80) - time.time() * 1000) < 1000

    def test_ids_are_unique_across_threads(self, ids: Ids) -> None:
        with ThreadPoolExecutor(8) as pool:
            given = list(pool.map(lambda _: ids.new(), range(5_000)))
        assert len(set(given)) == len(given)
