"""Claims are renewed while their requests run, and not afterwards."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import count

import pytest

from adapters.memory.idempotency_store import MemoryIdempotencyStore
from adapters.memory.ids import MemoryIds
from domain.errors import Unavailable
from domain.idempotency import CLAIM_LEASE, Claim, RequestInProgress, StoredResult
from domain.services.request_claims import RequestClaims
from tests.doubles import StoppedClock

RESULT = StoredResult(200, (), b"done")
LIMIT = 10
"""Seconds, far more than the pauses of a test."""


class CountingStore(MemoryIdempotencyStore):
    """A store that counts renewals and is unavailable for the first of them."""

    def __init__(self) -> None:
        super().__init__()
        self.renewals: list[set[str]] = []

    async def renew(self, claims: Sequence[Claim], now: datetime) -> None:
        self.renewals.append({claim.scope for claim in claims})
        if len(self.renewals) == 1:
            raise Unavailable("the database is restarting")
        await super().renew(claims, now)


class Harness:
    def __init__(self) -> None:
        self.store, self.clock = CountingStore(), StoppedClock()
        self._seeds = count()
        self.claims = self.new_process()

    def new_process(self) -> RequestClaims:
        return RequestClaims(self.store, self.clock, MemoryIds(seed=next(self._seeds)), pause=0.001)

    async def claim(self, scope: str) -> Claim:
        claim = await self.claims.claim(scope, "print")
        assert isinstance(claim, Claim)
        return claim

    async def wait_for_renewals(self, number: int) -> None:
        wanted = len(self.store.renewals) + number
        async with asyncio.timeout(LIMIT):
            while len(self.store.renewals) < wanted:  # noqa: ASYNC110 — no event belongs to the store
                await asyncio.sleep(0.001)


@pytest.fixture
def harness() -> Harness:
    return Harness()


async def test_long_request_keeps_its_claim(harness: Harness) -> None:
    claim, other = await harness.claim("scope"), harness.new_process()
    for _ in range(3):
        harness.clock.advance(CLAIM_LEASE * 0.9)
        await harness.wait_for_renewals(2)

    with pytest.raises(RequestInProgress):
        await other.claim("scope", "print")
    await harness.claims.save(claim, RESULT)
    assert await other.claim("scope", "print") == RESULT


async def test_ended_requests_are_not_renewed(harness: Harness) -> None:
    done, failed, running = [await harness.claim(scope) for scope in ("done", "failed", "running")]
    await harness.wait_for_renewals(1)
    assert harness.store.renewals[-1] == {"done", "failed", "running"}

    await harness.claims.save(done, RESULT)
    await harness.claims.release(failed)
    await harness.wait_for_renewals(2)
    assert harness.store.renewals[-1] == {"running"}

    await harness.claims.release(running)
    await asyncio.sleep(0.01)
    count = len(harness.store.renewals)
    await asyncio.sleep(0.01)
    assert len(harness.store.renewals) == count

    await harness.claim("later")
    await harness.wait_for_renewals(1)
    assert harness.store.renewals[-1] == {"later"}


async def test_claim_of_dead_process_expires(harness: Harness) -> None:
    task = asyncio.create_task(harness.claims.claim("scope", "print"))
    await task
    for other in asyncio.all_tasks() - {asyncio.current_task()}:
        other.cancel()  # the process dies, and with it the renewal

    harness.clock.advance(CLAIM_LEASE)
    assert isinstance(await harness.new_process().claim("scope", "print"), Claim)
