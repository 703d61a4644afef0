"""A pooled address: what needs a session of its own goes to the server itself, and settings hold all the same."""

import asyncio
import struct
from collections.abc import AsyncIterator, Iterator

import pytest

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from adapters.postgres.health import WITHOUT_SETTINGS, PostgresProbe
from adapters.postgres.migrations import PostgresMigrations
from domain.ids import UserId
from domain.pages import PageRequest
from tests.contracts.postgres import harness_on
from tests.databases import Databases, empty_database
from tests.pgbouncer import SERVER_CONNECTIONS, pgbouncer, program
from tests.reaper import Reaper

ACCEPTED = {"user", "database", "client_encoding", "application_name", "timezone"}
"""The parameters at the start of a connection that pgbouncer accepts from asyncpg."""

needs_pgbouncer = pytest.mark.skipif(program() is None, reason="pgbouncer 1.21 or newer is not installed")


async def sent_parameters(use_pooler: bool) -> dict[str, str]:
    """The parameters with which a connection starts."""
    received: list[bytes] = []

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        received.append(await reader.readexactly(length - 4))
        writer.close()

    async with await asyncio.start_server(receive, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        url = f"postgresql://ada@{host}:{port}/x?sslmode=disable"
        database = Database(url, direct_url="postgresql://nowhere" if use_pooler else "")
        with pytest.raises(DatabaseUnavailable):
            async with database.connection():
                pass
        with pytest.raises(DatabaseUnavailable):
            async with database.transaction():
                pass
    words = [body[4:].rstrip(b"\0").decode().split("\0") for body in received]
    found = {name.lower(): value for one in words for name, value in zip(one[::2], one[1::2], strict=True)}
    assert len(received) == 2
    return found


async def test_pooled_connection_starts_with_parameters_that_pgbouncer_accepts() -> None:
    assert set(await sent_parameters(use_pooler=True)) == ACCEPTED


async def test_own_connection_starts_with_all_settings() -> None:
    found = await sent_parameters(use_pooler=False)

    assert set(found) > ACCEPTED
    assert (found["jit"], found["plan_cache_mode"]) == ("off", "force_generic_plan")


@pytest.fixture
def pooled_url(databases: Databases, database_url: str, reaper: Reaper) -> Iterator[str]:
    asyncio.run(empty_database(database_url))
    with reaper.folder() as folder, pgbouncer(database_url, folder) as url:
        yield url


@pytest.fixture
async def pooled(pooled_url: str, database_url: str) -> AsyncIterator[Database]:
    """A database behind pgbouncer, as after `tintype db upgrade`."""
    database = Database(pooled_url, direct_url=database_url)
    await PostgresMigrations(database).upgrade()
    yield database
    await database.close()


SETTINGS = """select current_setting('plan_cache_mode'), current_setting('jit'), current_setting('statement_timeout'),
  current_setting('hnsw.ef_search'), current_setting('timezone')"""


@needs_pgbouncer
async def test_settings_hold_behind_pooler(pooled: Database) -> None:
    async def check() -> None:
        async with pooled.connection() as connection:
            assert tuple(await connection.fetchrow(SETTINGS)) == ("force_generic_plan", "off", "30s", "100", "UTC")
        async with pooled.planning_connection(1_500) as connection:
            assert tuple(await connection.fetchrow(SETTINGS)) == ("force_custom_plan", "off", "1500ms", "100", "UTC")
        async with pooled.transaction() as transaction:
            assert tuple(await transaction.connection.fetchrow(SETTINGS)) == ("auto", "off", "30s", "100", "UTC")

    await asyncio.gather(*(check() for _ in range(30)))


@needs_pgbouncer
async def test_missing_settings_are_reported(pooled_url: str, database_url: str) -> None:
    database = Database(pooled_url, direct_url=database_url)
    direct = await database.connect_directly()
    name = await direct.fetchval("select current_database()")
    await direct.execute(f"alter role current_user in database {name} reset all")
    await direct.close()

    health = await PostgresProbe(database).check()

    assert health.ok
    assert WITHOUT_SETTINGS in health.detail
    await database.close()


@needs_pgbouncer
async def test_service_works_behind_pooler(pooled: Database) -> None:
    harness = harness_on(pooled)
    users = [await harness.add_user(f"user_{number}") for number in range(40)]
    post = await harness.add_post(users[0], text="a red boat")

    async def use(number: int) -> None:
        user = users[number]
        assert await harness.like(post, user)
        assert len((await harness.storage.post_reader.newest(user.id, PageRequest())).items) == 1
        assert (await harness.read_user(user)).username == user.username
        await harness.add_comment(post, user)

    await asyncio.gather(*map(use, range(len(users))))
    found = await harness.storage.search_reader.posts(["boat"], users[0].id, PageRequest())

    assert len(found.items) == 1
    assert (await harness.read_post(post)).like_count == len(users)
    assert not await harness.storage.counters.verify()
    assert await count_sessions(pooled) <= 2 * SERVER_CONNECTIONS


@needs_pgbouncer
async def test_notifications_arrive_behind_pooler(pooled: Database) -> None:
    harness = harness_on(pooled)
    ada, ben = await harness.add_user("ada"), await harness.add_user("ben")
    post = await harness.add_post(ada)
    async with harness.storage.subscriptions.subscribe(UserId(ada.id)) as wait:
        await harness.like(post, ben)
        assert await wait(10)


async def count_sessions(database: Database) -> int:
    async with database.connection() as connection:
        statement = "select count(*) from pg_stat_activity where datname = current_database()"
        return int(await connection.fetchval(statement))
