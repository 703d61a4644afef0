"""The contract of the register of unreferenced blobs."""

from asyncio import gather, timeout
from uuid import UUID

from domain.blobs import BlobKey
from domain.images import Image
from domain.unreferenced_blobs import CLAIM, UNREFERENCED_RETENTION
from tests.contracts.harness import StorageHarness, at

UNREFERENCED_KEYS = [BlobKey.of(name) for name in (b"one", b"two", b"three")]
TIMEOUT = 20
"""Seconds after which a test that waits for a lock gives up."""
PAUSE, OTHER_PAUSE = UUID(int=1), UUID(int=2)


def keys_of(image: Image) -> list[BlobKey]:
    return [image.original, *(rendition.key for rendition in image.renditions.values())]


async def take_expired(harness: StorageHarness, before: float, limit: int = 100) -> set[BlobKey]:
    """The blobs that were registered before then, removed from the register."""
    unreferenced_blobs = harness.storage.unreferenced_blobs
    claim = await unreferenced_blobs.claim_expired(at(before) + UNREFERENCED_RETENTION, limit)
    for key in claim.keys:
        await unreferenced_blobs.remove(claim, key)
    return set(claim.keys)


async def peek_expired(harness: StorageHarness, before: float) -> set[BlobKey]:
    """The blobs that were registered before then, which stay in the register."""
    unreferenced_blobs = harness.storage.unreferenced_blobs
    claim = await unreferenced_blobs.claim_expired(at(before) + UNREFERENCED_RETENTION, 100)
    await unreferenced_blobs.release(claim, claim.keys)
    return set(claim.keys)


class UnreferencedBlobsContract:
    async def test_unreferenced_blobs_expire(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:2], at(0))
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[2:], at(100))

        assert await peek_expired(harness, 0) == set()
        assert await peek_expired(harness, 1) == set(UNREFERENCED_KEYS[:2])
        assert await peek_expired(harness, 101) == set(UNREFERENCED_KEYS)

    async def test_empty_registration_is_accepted(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register([], at(0))

        assert await peek_expired(harness, 100) == set()

    async def test_repeated_registration_keeps_earlier_date(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:1], at(0))
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:2], at(100))

        assert await peek_expired(harness, 50) == set(UNREFERENCED_KEYS[:1])

    async def test_expired_blobs_are_limited_and_returned_once(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        first = await take_expired(harness, 1, limit=2)
        second = await take_expired(harness, 1, limit=2)

        assert (len(first), len(second)) == (2, 1)
        assert first | second == set(UNREFERENCED_KEYS)
        assert await take_expired(harness, 1) == set()

    async def test_claimed_blob_can_be_neither_claimed_nor_reserved(self, harness: StorageHarness) -> None:
        one, two, three = UNREFERENCED_KEYS
        unreferenced_blobs, now = harness.storage.unreferenced_blobs, at(1) + UNREFERENCED_RETENTION
        await unreferenced_blobs.register([one], at(0))
        claim = await unreferenced_blobs.claim_expired(now, 100)

        assert claim.keys == (one,)
        assert (await unreferenced_blobs.claim_expired(now, 100)).keys == ()
        assert not await unreferenced_blobs.reserve([two, one], now)
        assert await unreferenced_blobs.reserve([two, three], now), "other blobs are not affected"

        await unreferenced_blobs.remove(claim, one)
        assert await unreferenced_blobs.reserve([two, one], now)

    async def test_claim_ends_when_its_sweep_died(self, harness: StorageHarness) -> None:
        one, two = UNREFERENCED_KEYS[:2]
        unreferenced_blobs, now = harness.storage.unreferenced_blobs, at(1) + UNREFERENCED_RETENTION
        await unreferenced_blobs.register([one, two], at(0))
        dead = await unreferenced_blobs.claim_expired(now, 100)

        assert await unreferenced_blobs.reserve([one], now + CLAIM)
        assert (await unreferenced_blobs.claim_expired(now + CLAIM, 100)).keys == (two,)

        await unreferenced_blobs.remove(dead, one)
        await unreferenced_blobs.remove(dead, two)
        await unreferenced_blobs.release(dead, dead.keys)
        later = now + CLAIM + UNREFERENCED_RETENTION + CLAIM
        assert set((await unreferenced_blobs.claim_expired(later, 100)).keys) == {one, two}

    async def test_nothing_is_claimed_while_deletion_is_paused(self, harness: StorageHarness) -> None:
        unreferenced_blobs, now = harness.storage.unreferenced_blobs, at(1) + UNREFERENCED_RETENTION
        await unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))
        await unreferenced_blobs.pause(PAUSE, now + CLAIM)
        await unreferenced_blobs.pause(OTHER_PAUSE, now + CLAIM)

        assert (await unreferenced_blobs.claim_expired(now, 100)).keys == ()
        await unreferenced_blobs.resume(OTHER_PAUSE)
        assert (await unreferenced_blobs.claim_expired(now, 100)).keys == ()
        await unreferenced_blobs.resume(PAUSE)
        assert set((await unreferenced_blobs.claim_expired(now, 100)).keys) == set(UNREFERENCED_KEYS)

    async def test_pause_ends_by_itself_unless_it_is_extended(self, harness: StorageHarness) -> None:
        unreferenced_blobs, now = harness.storage.unreferenced_blobs, at(1) + UNREFERENCED_RETENTION
        await unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))
        await unreferenced_blobs.pause(PAUSE, now)

        await unreferenced_blobs.pause(PAUSE, now + CLAIM)

        assert (await unreferenced_blobs.claim_expired(now, 100)).keys == ()
        assert set((await unreferenced_blobs.claim_expired(now + CLAIM, 100)).keys) == set(UNREFERENCED_KEYS)

    async def test_referenced_blob_is_not_registered(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))

        await harness.storage.unreferenced_blobs.register([*keys_of(image), UNREFERENCED_KEYS[0]], at(0))

        assert await peek_expired(harness, 1) == {UNREFERENCED_KEYS[0]}

    async def test_deleted_image_references_nothing(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        gone, kept = await harness.add_image(ada, b"shared"), await harness.add_image(ada, b"shared")
        async with harness.storage.begin() as uow:
            await uow.images.delete(gone.id)
            await uow.commit()

        await harness.storage.unreferenced_blobs.register(keys_of(gone) + keys_of(kept), at(0))

        assert await peek_expired(harness, 1) == set(keys_of(gone)[1:])

    async def test_blob_referenced_again_is_kept(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register([BlobKey.of(b"again"), UNREFERENCED_KEYS[0]], at(0))
        await harness.add_image(await harness.add_user("ada"), b"again")

        assert await peek_expired(harness, 1) == {UNREFERENCED_KEYS[0]}

    async def test_blob_referenced_again_leaves_register(self, harness: StorageHarness) -> None:
        key = BlobKey.of(b"again")
        ada = await harness.add_user("ada")
        await harness.storage.unreferenced_blobs.register([key], at(0))
        image = await harness.add_image(ada, b"again")
        await harness.storage.unreferenced_blobs.register([key], at(100))
        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()
        await harness.storage.unreferenced_blobs.register([key], at(200))

        assert await peek_expired(harness, 150) == set()
        assert await peek_expired(harness, 201) == {key}

    async def test_reservation_replaces_earlier_date(self, harness: StorageHarness) -> None:
        kept, expired, new = UNREFERENCED_KEYS
        await harness.storage.unreferenced_blobs.register([kept, expired], at(0))

        await harness.storage.unreferenced_blobs.reserve([new, kept, kept], at(100))
        await harness.storage.unreferenced_blobs.reserve([kept], at(50))

        assert await peek_expired(harness, 100) == {expired}
        assert await peek_expired(harness, 101) == set(UNREFERENCED_KEYS)

    async def test_reserved_blob_leaves_register_when_referenced(self, harness: StorageHarness) -> None:
        key = BlobKey.of(b"again")
        ada = await harness.add_user("ada")
        await harness.storage.unreferenced_blobs.reserve([key, UNREFERENCED_KEYS[0]], at(0))
        await harness.add_image(ada, b"again")

        await harness.storage.unreferenced_blobs.register([key], at(1))

        assert await peek_expired(harness, 2) == {UNREFERENCED_KEYS[0]}

    async def test_sweeps_and_reservations_do_not_deadlock(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))
        unreferenced_blobs = harness.storage.unreferenced_blobs

        async with timeout(TIMEOUT):
            swept, reserved = await gather(
                gather(*(take_expired(harness, 1, limit=2) for _ in range(4))),
                gather(*(unreferenced_blobs.reserve(UNREFERENCED_KEYS[::step], at(100)) for step in (1, -1) * 4)),
            )

        keys = [key for keys in swept for key in keys]
        assert len(keys) == len(set(keys))
        assert all(reserved) or keys
        assert await unreferenced_blobs.reserve(UNREFERENCED_KEYS, at(100))
        assert await peek_expired(harness, 101) == set(UNREFERENCED_KEYS)

    async def test_images_are_read_with_their_blobs(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        images = [await harness.add_image(ada) for _ in range(3)]
        reader = harness.storage.referenced_blob_reader

        first = await reader.page(None, 2)
        rest = await reader.page(first[-1].image_id, 2)

        assert [found.image_id for found in [*first, *rest]] == [image.id for image in images]
        assert [list(found.keys) for found in [*first, *rest]] == [keys_of(image) for image in images]
        assert await reader.page(rest[-1].image_id, 2) == []
        assert await reader.image_count() == len(images)
