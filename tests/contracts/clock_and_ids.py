"""The contracts of `Clock` and `Ids`."""

from abc import abstractmethod
from datetime import UTC
from itertools import pairwise

import pytest

from domain.clock import Clock
from domain.ids import Ids


class ClockContract:
    @pytest.fixture
    @abstractmethod
    def clock(self) -> Clock: ...

    def test_time_is_utc_and_monotonic(self, clock: Clock) -> None:
        first, second = clock.now(), clock.now()
        assert first.tzinfo is UTC
        assert first <= second


class IdsContract:
    @pytest.fixture
    @abstractmethod
    def ids(self) -> Ids: ...

    def test_ids_are_increasing_uuid7(self, ids: Ids) -> None:
        given = [ids.new() for _ in range(10_000)]
        assert {(it.version, it.variant) for it in given} == {(7, "specified in RFC 4122")}
        assert all(before < after for before, after in pairwise(given))

    def test_secrets_are_long_unique_and_url_safe(self, ids: Ids) -> None:
        secrets = {ids.secret() for _ in range(100)}
        assert len(secrets) == 100
        assert all(len(it) >= 43 and it.replace("-", "").replace("_", "").isalnum() for it in secrets)
