"""The contract of `MaintenanceRuns`."""

from asyncio import gather
from datetime import timedelta

from tests.contracts.harness import BEGINNING, StorageHarness

HOUR = timedelta(hours=1)
TICK = timedelta(seconds=1)


class MaintenanceRunsContract:
    async def test_run_begins_once_in_a_while(self, harness: StorageHarness) -> None:
        runs = harness.storage.maintenance_runs

        assert await runs.begin("sweep", BEGINNING, HOUR)
        assert not await runs.begin("sweep", BEGINNING + HOUR - TICK, HOUR)
        assert await runs.begin("sweep", BEGINNING + HOUR, HOUR)
        assert not await runs.begin("sweep", BEGINNING + 2 * HOUR - TICK, HOUR)

    async def test_tasks_are_independent(self, harness: StorageHarness) -> None:
        runs = harness.storage.maintenance_runs

        assert await runs.begin("sweep", BEGINNING, HOUR)
        assert await runs.begin("verify", BEGINNING, HOUR)

    async def test_failed_run_is_repeated(self, harness: StorageHarness) -> None:
        runs = harness.storage.maintenance_runs
        await runs.begin("sweep", BEGINNING, HOUR)
        await runs.undo("sweep")
        await runs.undo("sweep")

        assert await runs.begin("sweep", BEGINNING + TICK, HOUR)

    async def test_one_of_concurrent_runs_begins(self, harness: StorageHarness) -> None:
        runs = harness.storage.maintenance_runs

        for now in (BEGINNING, BEGINNING + HOUR):
            begun = await gather(*(runs.begin("sweep", now, HOUR) for _ in range(10)))
            assert begun.count(True) == 1
