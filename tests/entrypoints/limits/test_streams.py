"""How many notification streams an account may have open, in all processes together."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from httpx import Response

from domain.rate_limits import STREAMS
from entrypoints.rest.app import create_app
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import Limited
from tests.entrypoints.limits.visitors import client_at
from tests.entrypoints.rest.streaming import PATIENCE, begun, stream
from tests.entrypoints.rest.visitors import Visitor, refused, visitor


async def one_more(who: Visitor) -> Response:
    return await who.get("/notifications/stream")


async def test_an_account_has_so_many_streams_and_no_more(limited: Limited) -> None:
    container = limited()
    first, second = create_app(container), create_app(container)
    async with client_at(first) as client, client_at(second) as other, AsyncExitStack() as streams:
        ada, bob = await visitor(client, "ada"), await visitor(client, "bob")
        elsewhere = Visitor(other, "ada", ada.headers)
        for _ in range(STREAMS.most - 1):
            await begun(await streams.enter_async_context(stream(ada)))
        async with stream(elsewhere) as last:
            await begun(last)
            for where in (ada, elsewhere):
                problem = refused(await one_more(where), 429, "too_many_requests")
                assert (problem["limit"], problem["actual"]) == (STREAMS.most, STREAMS.most)
                assert "close one" in problem["detail"]
            await begun(await streams.enter_async_context(stream(bob)))
        await begun(await streams.enter_async_context(stream(ada)))  # there is a place again


async def test_a_stream_keeps_its_place_while_it_is_open(limited: Limited, clock: StoppedClock) -> None:
    app = create_app(limited(session_check_seconds=0.02))
    lease = STREAMS.lease.total_seconds()
    async with client_at(app) as client, AsyncExitStack() as streams:
        ada = await visitor(client, "ada")
        for _ in range(STREAMS.most):
            await begun(await streams.enter_async_context(stream(ada)))

        for _ in range(2):
            clock.advance(timedelta(seconds=lease - 1))
            async with asyncio.timeout(PATIENCE):
                while (await one_more(ada)).headers["retry-after"] != str(int(lease)):  # noqa: ASYNC110 — see `begun`
                    await asyncio.sleep(0.01)

        refused(await one_more(ada), 429, "too_many_requests")
