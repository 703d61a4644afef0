"""A server that falls silent without closing its connections: every statement ends with an error, no request waits for
ever, and the next connections work."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable
from adapters.postgres.health import PostgresProbe
from adapters.postgres.likes import PostgresLikes
from domain.ids import NotificationId
from domain.likes import LikeState
from tests.contracts.harness import StorageHarness
from tests.frozen_proxy import FrozenProxy, frozen_proxy

Use = Callable[[Database], Awaitable[int]]

STATEMENT_TIMEOUT = 200
"""Milliseconds."""
TCP_CONNECTIONS = Path("/proc/net/tcp")
LIMIT = 30
"""Seconds, far more than all timeouts of a test together."""


@pytest.fixture
async def proxy(database_url: str) -> AsyncIterator[FrozenProxy]:
    async with frozen_proxy(database_url) as proxy:
        yield proxy


@pytest.fixture
async def distant(proxy: FrozenProxy) -> AsyncIterator[Database]:
    """The database through the proxy."""
    database = Database(proxy.url, statement_timeout=STATEMENT_TIMEOUT)
    yield database
    await database.close()


async def read(database: Database) -> int:
    async with database.connection() as connection:
        return int(await connection.fetchval("select 1"))


async def write(database: Database) -> int:
    async with database.transaction() as transaction:
        number = int(await transaction.connection.fetchval("select 1"))
        await transaction.commit()
    return number


async def plan(database: Database) -> int:
    async with database.planning_connection(STATEMENT_TIMEOUT) as connection:
        return int(await connection.fetchval("select 1"))


@pytest.mark.parametrize("use", [read, write, plan])
async def test_statement_on_silent_connection_fails_and_next_one_works(
    proxy: FrozenProxy, distant: Database, use: Use
) -> None:
    async with asyncio.timeout(LIMIT):
        await asyncio.gather(*(use(distant) for _ in range(4)))  # opens several connections
        proxy.freeze(new_connections=False)

        with pytest.raises(DatabaseUnavailable, match="cannot be reached") as refused:
            await use(distant)

        assert refused.value.retry_after > 0
        assert "no answer in time" in refused.value.operator_message
        assert [await use(distant) for _ in range(8)] == [1] * 8


async def test_open_transaction_on_silent_connection_fails(proxy: FrozenProxy, distant: Database) -> None:
    async def write_while_server_falls_silent() -> None:
        async with distant.transaction() as transaction:
            await transaction.connection.execute("select 1")
            proxy.freeze(new_connections=False)
            await transaction.connection.execute("select 1")

    async with asyncio.timeout(LIMIT):
        with pytest.raises(DatabaseUnavailable):
            await write_while_server_falls_silent()

        assert await write(distant) == 1


async def test_probe_of_silent_server_answers_in_time(proxy: FrozenProxy, distant: Database) -> None:
    probe = PostgresProbe(distant)
    async with asyncio.timeout(LIMIT):
        assert (await probe.check()).ok
        proxy.freeze(new_connections=True)
        assert not (await probe.check()).ok
        proxy.thaw()
        while not (await probe.check()).ok:
            pass


async def test_likes_on_silent_connection_are_answered_and_none_is_lost(
    database: Database, harness: StorageHarness, proxy: FrozenProxy, distant: Database
) -> None:
    users = [await harness.add_user(f"user_{number}") for number in range(60)]
    post = await harness.add_post(users[0])
    likes = PostgresLikes(distant)

    async def like(number: int) -> LikeState | DatabaseUnavailable | None:
        try:
            return await likes.add(post.id, users[number].id, harness.now(), NotificationId(harness.new_id()))
        except DatabaseUnavailable as error:
            return error

    async with asyncio.timeout(LIMIT):
        first = await asyncio.gather(*map(like, range(20)))
        during = [asyncio.create_task(like(number)) for number in range(20, 40)]
        await asyncio.sleep(0)
        proxy.freeze(new_connections=False)
        during += [asyncio.create_task(like(number)) for number in range(40, 50)]
        answers = [*first, *await asyncio.gather(*during), *await asyncio.gather(*map(like, range(50, 60)))]

    acknowledged = sum(isinstance(answer, LikeState) for answer in answers)
    assert len(answers) == 60
    assert any(isinstance(answer, DatabaseUnavailable) for answer in answers)
    assert all(isinstance(answer, LikeState) for answer in answers[-10:])
    assert acknowledged <= (await harness.read_post(post)).like_count <= 60
    assert not await harness.storage.counters.verify()


def timer_of(port: int) -> str:
    """The kind and the time of the timer of the connection from this port."""
    lines = [line.split() for line in TCP_CONNECTIONS.read_text().splitlines()]
    [timer] = [fields[5] for fields in lines if fields[1].endswith(f":{port:04X}")]
    return timer


@pytest.mark.skipif(not TCP_CONNECTIONS.exists(), reason="only Linux shows the timers of connections")
async def test_tcp_checks_peer_of_idle_connection(proxy: FrozenProxy, distant: Database) -> None:
    await read(distant)

    [client] = proxy.client_ports
    assert timer_of(client).startswith("02:"), "no keepalive timer"
