"""The contract of rate limits."""

from asyncio import gather
from datetime import timedelta

from domain.rate_limits import Rate
from tests.contracts.harness import StorageHarness, at

THREE = Rate(3, timedelta(seconds=30))


class RateMeterContract:
    async def test_rate_admits_burst_only(self, harness: StorageHarness) -> None:
        used = [await harness.storage.rate_meter.hit("likes ada", THREE, at(0)) for _ in range(4)]

        assert [usage.admitted for usage in used] == [True, True, True, False]
        assert [usage.remaining for usage in used] == [2, 1, 0, 0]
        assert (used[3].used_count, used[3].retry_after, used[3].reset_after) == (3, 10.0, 30.0)

    async def test_one_use_becomes_available_after_its_interval(self, harness: StorageHarness) -> None:
        for _ in range(3):
            await harness.storage.rate_meter.hit("likes ada", THREE, at(0))

        assert not (await harness.storage.rate_meter.hit("likes ada", THREE, at(9.9))).admitted
        assert (await harness.storage.rate_meter.hit("likes ada", THREE, at(10))).admitted
        assert not (await harness.storage.rate_meter.hit("likes ada", THREE, at(10))).admitted

    async def test_refused_use_does_not_count(self, harness: StorageHarness) -> None:
        for _ in range(30):
            await harness.storage.rate_meter.hit("likes ada", THREE, at(0))

        assert (await harness.storage.rate_meter.hit("likes ada", THREE, at(10))).admitted

    async def test_indivisible_period_admits_all_uses(self, harness: StorageHarness) -> None:
        seven = Rate(7, timedelta(minutes=1))

        used = [await harness.storage.rate_meter.hit("likes ada", seven, at(0)) for _ in range(8)]

        assert [usage.admitted for usage in used] == [True] * 7 + [False]

    async def test_keys_are_independent(self, harness: StorageHarness) -> None:
        for _ in range(4):
            await harness.storage.rate_meter.hit("likes ada", THREE, at(0))

        assert (await harness.storage.rate_meter.hit("likes bob", THREE, at(0))).remaining == 2

    async def test_cleared_key_starts_again(self, harness: StorageHarness) -> None:
        for key in ("likes ada", "likes bob"):
            for _ in range(4):
                await harness.storage.rate_meter.hit(key, THREE, at(0))

        await harness.storage.rate_meter.clear("likes ada", "likes nobody")

        assert (await harness.storage.rate_meter.hit("likes ada", THREE, at(0))).remaining == 2
        assert not (await harness.storage.rate_meter.hit("likes bob", THREE, at(0))).admitted

    async def test_extended_key_is_refused_until_its_end(self, harness: StorageHarness) -> None:
        one = Rate(1, timedelta(seconds=30))
        await harness.storage.rate_meter.hit("place ada", one, at(0))
        await harness.storage.rate_meter.hit("place eve", one, at(40))

        await harness.storage.rate_meter.hit("place bob", one, at(0))
        await harness.storage.rate_meter.clear("place bob")

        await harness.storage.rate_meter.extend(["place ada", "place bob", "place eve", "place ada"], at(60))

        for key, free_at in (("place ada", 60), ("place eve", 70)):
            assert (await harness.storage.rate_meter.hit(key, one, at(50))).retry_after == free_at - 50
        assert (await harness.storage.rate_meter.hit("place bob", one, at(50))).admitted
        assert (await harness.storage.rate_meter.hit("place ada", one, at(60))).admitted

    async def test_only_expired_keys_are_deleted(self, harness: StorageHarness) -> None:
        await harness.storage.rate_meter.hit("likes ada", THREE, at(0))
        await harness.storage.rate_meter.hit("likes bob", THREE, at(1))

        assert await harness.storage.rate_meter.delete_expired(at(10)) == 1
        assert await harness.storage.rate_meter.delete_expired(at(10)) == 0
        assert (await harness.storage.rate_meter.hit("likes bob", THREE, at(1))).remaining == 1

    async def test_concurrent_uses_are_admitted_exactly(self, harness: StorageHarness) -> None:
        used = await gather(*(harness.storage.rate_meter.hit("likes ada", THREE, at(0)) for _ in range(20)))

        assert sum(usage.admitted for usage in used) == 3
