"""Behaviour during and after an outage of the server."""

import asyncio

import asyncpg
import pytest

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from adapters.postgres.post_reader import PostgresPostReader
from adapters.postgres.unit_of_work import PostgresUnitOfWorkFactory
from domain.ids import UserId
from domain.pages import PageRequest
from tests.contracts.harness import StorageHarness
from tests.contracts.postgres import postgres_harness

pytestmark = pytest.mark.postgres

PAGE = PageRequest()


async def cut_connections(url: str) -> None:
    """Close all connections of the pool, as a restart does."""
    operator = await asyncpg.connect(url)
    await operator.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid()"
    )
    await operator.close()
    await asyncio.sleep(0.1)  # until the cut has reached this process


async def test_closed_idle_connections_are_replaced(database_url: str) -> None:
    database = Database(database_url)
    feeds, begin = PostgresPostReader(database), PostgresUnitOfWorkFactory(database)
    await asyncio.gather(*(feeds.newest(None, PAGE) for _ in range(8)))

    await cut_connections(database_url)

    assert [(await feeds.newest(None, PAGE)).items for _ in range(12)] == [()] * 12
    async with begin() as uow:
        await uow.understandings.counts()
        await uow.commit()
    await database.close()


async def cut_in_the_middle(harness: StorageHarness, url: str) -> None:
    async with harness.storage.begin() as uow:
        await cut_connections(url)
        await uow.users.get(UserId(harness.new_id()))


async def test_connection_closed_in_use_is_reported_and_next_one_works(database_url: str) -> None:
    async with postgres_harness(database_url) as harness:
        with pytest.raises(DatabaseUnavailable):
            await cut_in_the_middle(harness, database_url)

        assert (await harness.storage.post_reader.newest(None, PAGE)).items == ()


async def test_unreachable_server_is_reported_with_retry_after() -> None:
    feeds = PostgresPostReader(Database("postgresql://postgres@localhost:1/nowhere"))

    with pytest.raises(DatabaseUnavailable, match="cannot be reached") as refused:
        await feeds.newest(None, PAGE)

    assert refused.value.retry_after > 0
