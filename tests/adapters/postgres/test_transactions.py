"""Units of work that are cancelled or fail leave their connection usable, and nothing behind."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.postgres.database import Database

pytestmark = pytest.mark.postgres

STEPS = 40
"""More turns of the event loop than the unit of work below takes."""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database with one connection, so that every unit of work uses the one that the last has left."""
    database = Database(database_url, pool_size=1)
    async with database.connection() as connection:
        await connection.execute("create table if not exists steps (step int)")
        await connection.execute("delete from steps")
    yield database
    await database.close()


async def write_step(database: Database, step: int) -> None:
    async with database.transaction() as transaction:
        await transaction.connection.execute("insert into steps values ($1)", step)
        await transaction.commit()


async def steps(database: Database) -> set[int]:
    async with database.connection() as connection:
        return {row.step for row in await connection.fetch("select step from steps")}


async def test_unit_of_work_cancelled_at_any_await_leaves_connection_usable(database: Database) -> None:
    await write_step(database, -1)
    for turns in range(STEPS):
        task = asyncio.create_task(write_step(database, turns))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        async with asyncio.timeout(5):
            await write_step(database, 1000 + turns)

    assert {-1, *range(1000, 1000 + STEPS)} <= await steps(database)


async def test_commit_cancelled_while_connection_recovers_is_rolled_back(database: Database) -> None:
    async def commit_after_timeout() -> None:
        async with database.transaction() as transaction:
            await transaction.connection.execute("insert into steps values (1)")
            statement = asyncio.create_task(transaction.connection.execute("select pg_sleep(30)"))
            await asyncio.sleep(0.1)
            statement.cancel()
            await asyncio.gather(statement, return_exceptions=True)
            await transaction.commit()

    task = asyncio.create_task(commit_after_timeout())
    await asyncio.sleep(0.1)
    for _ in range(20):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with asyncio.timeout(5):
        await write_step(database, 2)
    assert await steps(database) == {2}


async def test_failed_commit_leaves_connection_usable(database: Database) -> None:
    async def violate_deferred_constraint() -> None:
        async with database.transaction() as transaction:
            await transaction.connection.execute("create table parent (id int primary key)")
            await transaction.connection.execute(
                "create table child (id int references parent deferrable initially deferred)"
            )
            await transaction.connection.execute("insert into child values (1)")
            await transaction.commit()

    with pytest.raises(Exception, match="child_id_fkey"):
        await violate_deferred_constraint()

    await write_step(database, 3)
    assert await steps(database) == {3}
