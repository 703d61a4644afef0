import asyncio
from time import monotonic

import asyncpg
import pytest

from adapters.postgres.database import Database
from adapters.postgres.health import TIMEOUT, PostgresProbe
from adapters.postgres.revisions import newest_revision
from domain.health import Health
from release import RELEASE
from tests.databases import Databases


async def check_health(url: str) -> Health:
    database = Database(url)
    try:
        return await PostgresProbe(database).check()
    finally:
        await database.close()


@pytest.fixture
def unmigrated_url(databases: Databases) -> str:
    return databases.create_empty()


@pytest.fixture
def migrated_url(databases: Databases) -> str:
    return databases.create_migrated()


async def test_migrated_database_is_healthy(database_url: str) -> None:
    found = await check_health(database_url)

    assert found.ok, found
    assert found.part == "database"
    assert "PostgreSQL" in found.detail
    assert found.remedy is None


async def test_empty_database_states_migration_command(unmigrated_url: str) -> None:
    found = await check_health(unmigrated_url)

    assert not found.ok
    assert "empty" in found.detail
    assert found.remedy == "run `tintype db upgrade`"


async def check_newer(url: str, oldest_release: str) -> Health:
    connection = await asyncpg.connect(url)
    await connection.execute("update alembic_version set version_num = '9999_future'")
    await connection.execute("update schema_support set oldest_release = $1", oldest_release)
    await connection.close()
    return await check_health(url)


async def test_schema_of_newer_release_that_supports_this_one_is_healthy(migrated_url: str) -> None:
    found = await check_newer(migrated_url, RELEASE)

    assert found.ok, found
    assert f"at migration 9999_future of a newer release that supports {RELEASE}" in found.detail


async def test_schema_of_newer_release_without_support_is_reported(migrated_url: str) -> None:
    found = await check_newer(migrated_url, "10.0.0")

    assert not found.ok
    assert "9999_future" in found.detail
    assert newest_revision() in found.detail
    assert found.remedy == "use Tintype 10.0.0 or newer, or restore a backup from before"


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/nothing", "postgresql://x@/x?host=/nowhere", "what"])
async def test_unreachable_database_is_reported(url: str) -> None:
    found = await check_health(url)

    assert not found.ok
    assert found.detail
    assert found.remedy is not None


async def test_hanging_database_times_out() -> None:
    over = asyncio.Event()

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as mute:
        port = mute.sockets[0].getsockname()[1]
        began = monotonic()
        found = await check_health(f"postgresql://nobody@127.0.0.1:{port}/nothing?sslmode=disable")
        took = monotonic() - began
        over.set()

    assert not found.ok
    assert "no answer" in found.detail
    assert took < TIMEOUT + 3
