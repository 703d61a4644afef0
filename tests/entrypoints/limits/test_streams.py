"""The limit of open notification streams per account, across all processes."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from httpx import Response

from domain.rate_limits import STREAMS
from entrypoints.asgi import create_app
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import client_at
from tests.entrypoints.rest.streaming import TIMEOUT, stream, wait_until_open
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor


async def open_stream(who: Visitor) -> Response:
    return await who.get("/notifications/stream")


async def test_streams_per_account_are_limited(make_container: MakeContainer) -> None:
    container = make_container()
    first, second = create_app(container), create_app(container)
    async with client_at(first) as client, client_at(second) as other, AsyncExitStack() as streams:
        ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
        elsewhere = Visitor(other, "ada", ada.headers)
        for _ in range(STREAMS.slots - 1):
            await wait_until_open(await streams.enter_async_context(stream(ada)))
        async with stream(elsewhere) as last:
            await wait_until_open(last)
            for where in (ada, elsewhere):
                problem = expect_problem(await open_stream(where), 429, "too_many_requests")
                assert (problem["limit"], problem["actual"]) == (STREAMS.slots, STREAMS.slots)
                assert "close one" in problem["detail"]
            await wait_until_open(await streams.enter_async_context(stream(bob)))
        await wait_until_open(await streams.enter_async_context(stream(ada)))  # there is a place again


async def test_open_stream_keeps_slot(make_container: MakeContainer, clock: StoppedClock) -> None:
    app = create_app(make_container(session_check_seconds=0.02))
    lease = STREAMS.lease.total_seconds()
    async with client_at(app) as client, AsyncExitStack() as streams:
        ada = await new_visitor(client, "ada")
        for _ in range(STREAMS.slots):
            await wait_until_open(await streams.enter_async_context(stream(ada)))

        for _ in range(2):
            clock.advance(timedelta(seconds=lease - 1))
            async with asyncio.timeout(TIMEOUT):
                while (await open_stream(ada)).headers["retry-after"] != str(int(lease)):  # noqa: ASYNC110 — see `begun`
                    await asyncio.sleep(0.01)

        expect_problem(await open_stream(ada), 429, "too_many_requests")
