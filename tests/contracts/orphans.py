"""The register of blobs without a row."""

from asyncio import Event, create_task, gather, timeout, wait
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from domain.blobs import BlobKey
from domain.images import Image
from tests.contracts.world import World, at

LONE = [BlobKey.of(name) for name in (b"one", b"two", b"three")]
PATIENCE = 20
"""Seconds after which a test that waits for a lock gives up."""
A_WHILE = 0.2
"""Seconds for which something that must not happen is given the chance to."""


def keys_of(image: Image) -> list[BlobKey]:
    return [image.original, *(rendition.key for rendition in image.renditions.values())]


async def struck(world: World, before: datetime, limit: int = 100) -> set[BlobKey]:
    """What was ripe; it has left the register now."""
    async with world.storage.orphans.ripe(before, limit) as keys:
        return set(keys)


async def seen(world: World, before: datetime) -> set[BlobKey]:
    """What is ripe; it stays in the register."""
    found: Sequence[BlobKey] = ()
    with suppress(LookupError):
        async with world.storage.orphans.ripe(before, 100) as found:
            raise LookupError("keep them")
    return set(found)


class OrphansContract:
    async def test_blobs_without_a_row_ripen(self, world: World) -> None:
        await world.storage.orphans.note(LONE[:2], at(0))
        await world.storage.orphans.note(LONE[2:], at(100))

        assert await seen(world, at(0)) == set()
        assert await seen(world, at(1)) == set(LONE[:2])
        assert await seen(world, at(101)) == set(LONE)

    async def test_nothing_noted_is_no_error(self, world: World) -> None:
        await world.storage.orphans.note([], at(0))

        assert await seen(world, at(100)) == set()

    async def test_noting_again_keeps_the_earlier_date(self, world: World) -> None:
        await world.storage.orphans.note(LONE[:1], at(0))
        await world.storage.orphans.note(LONE[:2], at(100))

        assert await seen(world, at(50)) == set(LONE[:1])

    async def test_only_so_many_are_given_at_once_and_each_once(self, world: World) -> None:
        await world.storage.orphans.note(LONE, at(0))

        first = await struck(world, at(1), limit=2)
        second = await struck(world, at(1), limit=2)

        assert (len(first), len(second)) == (2, 1)
        assert first | second == set(LONE)
        assert await struck(world, at(1)) == set()

    async def test_an_error_in_the_block_keeps_them_registered(self, world: World) -> None:
        await world.storage.orphans.note(LONE, at(0))

        assert await seen(world, at(1)) == set(LONE)
        assert await struck(world, at(1)) == set(LONE)

    async def test_what_a_row_names_is_not_registered(self, world: World) -> None:
        image = await world.image(await world.user("ada"))

        await world.storage.orphans.note([*keys_of(image), LONE[0]], at(0))

        assert await seen(world, at(1)) == {LONE[0]}

    async def test_a_deleted_image_names_nothing(self, world: World) -> None:
        ada = await world.user("ada")
        gone, kept = await world.image(ada, b"shared"), await world.image(ada, b"shared")
        async with world.storage.begin() as uow:
            await uow.images.delete(gone.id)
            await uow.commit()

        await world.storage.orphans.note(keys_of(gone) + keys_of(kept), at(0))

        assert await seen(world, at(1)) == set(keys_of(gone)[1:])

    async def test_what_has_found_a_name_again_is_spared(self, world: World) -> None:
        await world.storage.orphans.note([BlobKey.of(b"again"), LONE[0]], at(0))
        await world.image(await world.user("ada"), b"again")

        assert await seen(world, at(1)) == {LONE[0]}

    async def test_what_has_found_a_name_is_struck_and_starts_anew(self, world: World) -> None:
        key = BlobKey.of(b"again")
        ada = await world.user("ada")
        await world.storage.orphans.note([key], at(0))
        image = await world.image(ada, b"again")
        await world.storage.orphans.note([key], at(100))
        async with world.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()
        await world.storage.orphans.note([key], at(200))

        assert await seen(world, at(150)) == set()
        assert await seen(world, at(201)) == {key}

    async def test_the_sweep_waits_for_those_who_hold_and_spares_what_they_stored(self, world: World) -> None:
        ada = await world.user("ada")
        await world.storage.orphans.note([BlobKey.of(b"again"), LONE[0]], at(0))

        async with timeout(PATIENCE):
            async with world.storage.begin() as uow:
                await uow.hold_blobs()
                sweep = create_task(struck(world, at(1)))
                done, _ = await wait([sweep], timeout=A_WHILE)
                assert not done, "the sweep did not wait"
                await uow.images.add(world.an_image(ada, b"again"))
                await uow.commit()
            assert await sweep == {LONE[0]}

    async def test_who_holds_waits_for_the_sweep(self, world: World) -> None:
        held = Event()

        async def hold() -> None:
            async with world.storage.begin() as uow:
                await uow.hold_blobs()
                held.set()

        async with timeout(PATIENCE):
            async with world.storage.orphans.ripe(at(0), 1):
                holder = create_task(hold())
                await wait([holder], timeout=A_WHILE)
                assert not held.is_set(), "the holder did not wait"
            await holder

    async def test_many_hold_at_once(self, world: World) -> None:
        async with timeout(PATIENCE), world.storage.begin() as first, world.storage.begin() as second:
            await first.hold_blobs()
            await second.hold_blobs()
            await first.hold_blobs()

    async def test_sweeps_and_holders_never_wait_for_each_other_for_ever(self, world: World) -> None:
        ada = await world.user("ada")
        await world.storage.orphans.note(LONE, at(0))

        async def upload() -> None:
            image = world.an_image(ada)
            async with world.storage.begin() as uow:
                await uow.hold_blobs()
                await uow.images.add(image)
                await uow.commit()

        async with timeout(PATIENCE):
            swept = await gather(*(struck(world, at(1), limit=1) for _ in range(4)), *(upload() for _ in range(8)))

        assert {key for keys in swept if keys for key in keys} == set(LONE)

    async def test_a_failed_holder_lets_go(self, world: World) -> None:
        await world.storage.orphans.note(LONE, at(0))

        with suppress(LookupError):
            async with world.storage.begin() as uow:
                await uow.hold_blobs()
                raise LookupError("something broke")

        async with timeout(PATIENCE):
            assert await struck(world, at(1)) == set(LONE)
