"""The contract of the register of unreferenced blobs."""

from asyncio import create_task, gather, timeout, wait
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from domain.blobs import BlobKey
from domain.images import Image
from tests.contracts.harness import StorageHarness, at

UNREFERENCED_KEYS = [BlobKey.of(name) for name in (b"one", b"two", b"three")]
TIMEOUT = 20
"""Seconds after which a test that waits for a lock gives up."""
SHORT_WAIT = 0.2
"""Seconds for which something that must not happen is given the chance to."""


def keys_of(image: Image) -> list[BlobKey]:
    return [image.original, *(rendition.key for rendition in image.renditions.values())]


async def take_expired(harness: StorageHarness, before: datetime, limit: int = 100) -> set[BlobKey]:
    """The expired blobs, removed from the register."""
    async with harness.storage.unreferenced_blobs.claim_expired(before, limit) as keys:
        return set(keys)


async def peek_expired(harness: StorageHarness, before: datetime) -> set[BlobKey]:
    """The expired blobs, which stay in the register."""
    found: Sequence[BlobKey] = ()
    with suppress(LookupError):
        async with harness.storage.unreferenced_blobs.claim_expired(before, 100) as found:
            raise LookupError("keep them")
    return set(found)


class UnreferencedBlobsContract:
    async def test_unreferenced_blobs_expire(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:2], at(0))
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[2:], at(100))

        assert await peek_expired(harness, at(0)) == set()
        assert await peek_expired(harness, at(1)) == set(UNREFERENCED_KEYS[:2])
        assert await peek_expired(harness, at(101)) == set(UNREFERENCED_KEYS)

    async def test_empty_registration_is_accepted(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register([], at(0))

        assert await peek_expired(harness, at(100)) == set()

    async def test_repeated_registration_keeps_earlier_date(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:1], at(0))
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS[:2], at(100))

        assert await peek_expired(harness, at(50)) == set(UNREFERENCED_KEYS[:1])

    async def test_expired_blobs_are_limited_and_returned_once(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        first = await take_expired(harness, at(1), limit=2)
        second = await take_expired(harness, at(1), limit=2)

        assert (len(first), len(second)) == (2, 1)
        assert first | second == set(UNREFERENCED_KEYS)
        assert await take_expired(harness, at(1)) == set()

    async def test_error_keeps_blobs_registered(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        assert await peek_expired(harness, at(1)) == set(UNREFERENCED_KEYS)
        assert await take_expired(harness, at(1)) == set(UNREFERENCED_KEYS)

    async def test_referenced_blob_is_not_registered(self, harness: StorageHarness) -> None:
        image = await harness.add_image(await harness.add_user("ada"))

        await harness.storage.unreferenced_blobs.register([*keys_of(image), UNREFERENCED_KEYS[0]], at(0))

        assert await peek_expired(harness, at(1)) == {UNREFERENCED_KEYS[0]}

    async def test_deleted_image_references_nothing(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        gone, kept = await harness.add_image(ada, b"shared"), await harness.add_image(ada, b"shared")
        async with harness.storage.begin() as uow:
            await uow.images.delete(gone.id)
            await uow.commit()

        await harness.storage.unreferenced_blobs.register(keys_of(gone) + keys_of(kept), at(0))

        assert await peek_expired(harness, at(1)) == set(keys_of(gone)[1:])

    async def test_blob_referenced_again_is_kept(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register([BlobKey.of(b"again"), UNREFERENCED_KEYS[0]], at(0))
        await harness.add_image(await harness.add_user("ada"), b"again")

        assert await peek_expired(harness, at(1)) == {UNREFERENCED_KEYS[0]}

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

        assert await peek_expired(harness, at(150)) == set()
        assert await peek_expired(harness, at(201)) == {key}

    async def test_reservation_replaces_earlier_date(self, harness: StorageHarness) -> None:
        kept, expired, new = UNREFERENCED_KEYS
        await harness.storage.unreferenced_blobs.register([kept, expired], at(0))

        await harness.storage.unreferenced_blobs.reserve([new, kept, kept], at(100))
        await harness.storage.unreferenced_blobs.reserve([kept], at(50))

        assert await peek_expired(harness, at(100)) == {expired}
        assert await peek_expired(harness, at(101)) == set(UNREFERENCED_KEYS)

    async def test_reserved_blob_leaves_register_when_referenced(self, harness: StorageHarness) -> None:
        key = BlobKey.of(b"again")
        ada = await harness.add_user("ada")
        await harness.storage.unreferenced_blobs.reserve([key, UNREFERENCED_KEYS[0]], at(0))
        await harness.add_image(ada, b"again")

        await harness.storage.unreferenced_blobs.register([key], at(1))

        assert await peek_expired(harness, at(2)) == {UNREFERENCED_KEYS[0]}

    async def test_reservation_waits_for_sweep_of_its_blob(self, harness: StorageHarness) -> None:
        key, other = UNREFERENCED_KEYS[:2]
        await harness.storage.unreferenced_blobs.register([key], at(0))

        async with timeout(TIMEOUT):
            async with harness.storage.unreferenced_blobs.claim_expired(at(1), 100) as claimed:
                assert set(claimed) == {key}
                reservation = create_task(harness.storage.unreferenced_blobs.reserve([other, key], at(100)))
                done, _ = await wait([reservation], timeout=SHORT_WAIT)
                assert not done, "the reservation did not wait"
            await reservation

        assert await peek_expired(harness, at(100)) == set()
        assert await peek_expired(harness, at(101)) == {key, other}

    async def test_sweeps_and_reservations_do_not_deadlock(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))
        unreferenced_blobs = harness.storage.unreferenced_blobs

        async with timeout(TIMEOUT):
            swept, _ = await gather(
                gather(*(take_expired(harness, at(1), limit=2) for _ in range(4))),
                gather(*(unreferenced_blobs.reserve(UNREFERENCED_KEYS[::step], at(100)) for step in (1, -1) * 4)),
            )

        keys = [key for keys in swept for key in keys]
        assert len(keys) == len(set(keys))
        assert await peek_expired(harness, at(101)) == set(UNREFERENCED_KEYS)

    async def test_failed_sweep_allows_reservation(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        assert await peek_expired(harness, at(1)) == set(UNREFERENCED_KEYS)

        async with timeout(TIMEOUT):
            await harness.storage.unreferenced_blobs.reserve(UNREFERENCED_KEYS, at(100))
        assert await peek_expired(harness, at(100)) == set()
