"""Limits and ends of event streams, in memory and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from adapters.memory.clock import MemoryClock
from adapters.memory.store import MemoryStore
from adapters.memory.subscriptions import MemorySubscriptions
from domain.ids import UserId
from domain.notifications import Subscriptions, Wait
from tests.containers import memory_container, postgres_container
from tests.databases import Databases
from tests.entrypoints.rest.conftest import PASSWORD, client_of
from tests.entrypoints.rest.streaming import next_event, stream, wait_until_closed, wait_until_open
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor, ok

OpenClient = Callable[..., Any]


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def open_client(request: pytest.FixtureRequest) -> OpenClient:
    """An API with a new container and the given settings."""
    databases: Databases | None = request.getfixturevalue("databases") if request.param == "postgres" else None
    url = databases.create_migrated() if databases else ""

    @asynccontextmanager
    async def open_with(**config: object) -> AsyncIterator[AsyncClient]:
        if not url:
            async with client_of(memory_container(config=config)) as client:
                yield client
            return
        container = postgres_container(url, config=config)
        try:
            async with client_of(container) as client:
                yield client
        finally:
            await container.database().close()

    return open_with


async def sign_out(who: Visitor) -> None:
    ok(await who.call("DELETE", "/tokens/current"), 204)


async def change_password_elsewhere(who: Visitor) -> None:
    other = await who.sign_in_again()
    passwords = {"current": PASSWORD, "new": "another horse battery"}
    ok(await other.call("PUT", "/me/password", json=passwords), 204)


async def delete_account(who: Visitor) -> None:
    ok(await who.call("DELETE", "/me"), 204)


@pytest.mark.parametrize("revoke", [sign_out, change_password_elsewhere, delete_account])
async def test_stream_ends_with_session(open_client: OpenClient, revoke: Callable[[Visitor], Awaitable[None]]) -> None:
    async with open_client(session_check_seconds=0.02) as client:
        ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
        async with stream(ada) as written, stream(bob) as other:
            await wait_until_open(written)
            await wait_until_open(other)
            await revoke(ada)
            await wait_until_closed(written)
            eve = await new_visitor(client, "eve")
            await eve.follow(bob)
            _, told = await next_event(other)
            assert told["actors"][0]["username"] == "eve"


async def test_streams_end_with_server(open_client: OpenClient) -> None:
    async with open_client(session_check_seconds=0.02) as client:
        ada = await new_visitor(client, "ada")
        async with stream(ada) as written:
            await wait_until_open(written)
            transport: Any = client._transport
            assert isinstance(transport, ASGITransport)
            transport.app.state.is_stopping = lambda: True  # type: ignore[attr-defined]  # a FastAPI application's
            await wait_until_closed(written)


async def test_streams_per_process_are_limited(open_client: OpenClient) -> None:
    async with open_client(max_streams=1) as client:
        ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
        async with stream(ada) as written:
            await wait_until_open(written)
            told = expect_problem(await bob.get("/notifications/stream"), 503, "busy")
            assert told["limit"] == 1


class SlowSubscriptions(Subscriptions):
    """The first subscription closes only after `released`, as with a slow database."""

    def __init__(self) -> None:
        self._inner = MemorySubscriptions(MemoryStore(MemoryClock()))
        self.closing, self.released = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def subscribe(self, user_id: UserId) -> AsyncIterator[Wait]:
        async with self._inner.subscribe(user_id) as wait:
            try:
                yield wait
            finally:
                if not self.closing.is_set():
                    self.closing.set()
                    await self.released.wait()


async def test_session_ending_during_close_does_not_keep_other_streams_open() -> None:
    subscriptions = SlowSubscriptions()
    container = memory_container(config={"session_check_seconds": 0.02}, subscriptions=subscriptions)
    async with client_of(container) as client, AsyncExitStack() as streams:
        ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
        written = await streams.enter_async_context(stream(bob))
        await wait_until_open(written)
        leaving = AsyncExitStack()
        await wait_until_open(await leaving.enter_async_context(stream(ada)))
        closed = asyncio.create_task(leaving.aclose())
        await subscriptions.closing.wait()
        await sign_out(ada)
        await asyncio.sleep(0.1)  # some checks of the sessions
        await sign_out(bob)
        await wait_until_closed(written)
        subscriptions.released.set()
        await closed
