"""Costly statements have time limits, and do not take all connections."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from httpx import AsyncClient, Response

from adapters.postgres.search_reader import MAX_CONCURRENT, PostgresSearchReader
from tests.containers import postgres_container
from tests.databases import Databases
from tests.entrypoints.rest.conftest import client_of
from tests.entrypoints.rest.visitors import Json, expect_problem


@pytest.fixture
def url(databases: Databases) -> str:
    return databases.create_migrated()


@pytest.fixture
async def client(url: str) -> AsyncIterator[AsyncClient]:
    """A client of an API whose searches have half a second, and wait as long for a slot."""
    container = postgres_container(url)
    search = PostgresSearchReader(container.database(), milliseconds=500)
    async with client_of(postgres_container(url, database=container.database(), search_reader=search)) as client:
        yield client
    await container.database().close()


@pytest.fixture
async def searches_blocked(url: str) -> AsyncIterator[None]:
    """Searches cannot read their table."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        await connection.execute("lock table search_documents in access exclusive mode")
        yield
    await connection.close()


def busy(answer: Response) -> Json:
    problem = expect_problem(answer, 503, "busy")
    assert answer.headers["retry-after"] == "5"
    return problem


async def test_long_search_is_cancelled(client: AsyncClient, searches_blocked: None) -> None:
    problem = busy(await client.get("/v1/search?q=dog"))
    assert "longer than 0.5 s" in problem["detail"]


async def test_searches_leave_connections_for_others(client: AsyncClient, searches_blocked: None) -> None:
    queries = [f"dog{number}" for number in range(4 * MAX_CONCURRENT)]
    searches = [asyncio.ensure_future(client.get(f"/v1/search?q={query}")) for query in queries]
    await asyncio.sleep(0)
    assert (await client.get("/v1/posts")).status_code == 200
    assert not all(search.done() for search in searches)
    details = [busy(answer)["detail"] for answer in await asyncio.gather(*searches)]
    assert any("which is the limit" in detail for detail in details)
    assert any("longer than" in detail for detail in details)
