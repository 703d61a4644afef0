"""What an account may have open at the same time."""

import pytest

from domain.rate_limits import STREAMS, NoFreeSlot
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer


async def test_a_slot_is_taken_given_back_and_free_after_its_lease(
    make_container: MakeContainer, clock: StoppedClock
) -> None:
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


async def test_without_limits_there_is_room_for_everybody(make_container: MakeContainer) -> None:
    limiting = make_container(rate_limited=False).rate_limiting()

    for _ in range(2 * STREAMS.slots):
        await limiting.release(await limiting.acquire(STREAMS, "ada"))
        await limiting.acquire(STREAMS, "ada")
