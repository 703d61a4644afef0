"""Columns that a migration adds while this program reads and writes."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from domain.pages import PageRequest
from tests.contracts.harness import StorageHarness

TABLES = ("posts", "users", "images", "understandings", "counter_checks")


@pytest.fixture
async def operator(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The connection of another program, which migrates."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_reads_hold_while_columns_are_added(harness: StorageHarness, operator: asyncpg.Connection) -> None:
    ada = await harness.add_user("ada")
    await harness.add_post(ada)
    await harness.storage.counters.record_check(harness.now())
    over, reads = asyncio.Event(), 0

    async def read_until_over() -> None:
        nonlocal reads
        while not over.is_set():
            assert len((await harness.storage.post_reader.newest(ada.id, PageRequest())).items) == 1
            assert (await harness.read_user(ada)).username == "ada"
            assert await harness.storage.counters.last_check() is not None
            reads += 1

    readers = [asyncio.create_task(read_until_over()) for _ in range(6)]
    for step in range(3):
        for table in TABLES:
            await operator.execute(f"alter table {table} add column added_{step} int not null default 1")
            before = reads
            while reads < before + len(readers) and not any(reader.done() for reader in readers):  # noqa: ASYNC110
                await asyncio.sleep(0)
    over.set()
    await asyncio.gather(*readers)
    for table in TABLES:
        await operator.execute(f"alter table {table} {', '.join(f'drop column added_{step}' for step in range(3))}")

    assert reads > 0


async def test_change_in_transaction_is_reported_as_temporary(database_url: str, operator: asyncpg.Connection) -> None:
    database = Database(database_url, pool_size=1)
    await operator.execute("create table changing (first int)")

    async def read() -> None:
        async with database.transaction() as transaction:
            await transaction.connection.fetch("select * from changing")

    await read()
    await operator.execute("alter table changing add column second int")
    try:
        with pytest.raises(DatabaseUnavailable, match="schema of the database has just changed"):
            await read()
        await read()
    finally:
        await operator.execute("drop table changing")
        await database.close()
