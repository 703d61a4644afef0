"""Limits of concurrent use per account."""

import pytest

from domain.rate_limits import STREAMS, NoFreeSlot
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer


async def test_slot_is_free_after_release_or_lease(make_container: MakeContainer, clock: StoppedClock) -> None:
    limiting = make_container().rate_limiting()
    taken = [await limiting.acquire(STREAMS, "ada") for _ in range(STREAMS.slots)]

    with pytest.raises(NoFreeSlot, match="at most 5 at the same time") as refusal:
        await limiting.acquire(STREAMS, "ada")
    assert (refusal.value.facts, refusal.value.retry_after) == ({"limit": 5, "actual": 5}, 120.0)
    await limiting.acquire(STREAMS, "bob")

    await limiting.release(taken[2])
    assert await limiting.acquire(STREAMS, "ada") == taken[2]
    clock.advance(STREAMS.lease)
    for _ in range(STREAMS.slots):
        await limiting.acquire(STREAMS, "ada")


async def test_slots_are_unlimited_without_limits(make_container: MakeContainer) -> None:
    limiting = make_container(rate_limited=False).rate_limiting()

    for _ in range(2 * STREAMS.slots):
        await limiting.release(await limiting.acquire(STREAMS, "ada"))
        await limiting.acquire(STREAMS, "ada")
