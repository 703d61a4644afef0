"""The contract of the register of unreferenced blobs."""

from asyncio import Event, create_task, gather, timeout, wait
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

    async def test_sweep_waits_for_holders_and_keeps_their_blobs(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.storage.unreferenced_blobs.register([BlobKey.of(b"again"), UNREFERENCED_KEYS[0]], at(0))

        async with timeout(TIMEOUT):
            async with harness.storage.begin() as uow:
                await uow.retain_blobs()
                sweep = create_task(take_expired(harness, at(1)))
                done, _ = await wait([sweep], timeout=SHORT_WAIT)
                assert not done, "the sweep did not wait"
                await uow.images.add(harness.new_image(ada, b"again"))
                await uow.commit()
            assert await sweep == {UNREFERENCED_KEYS[0]}

    async def test_holder_waits_for_sweep(self, harness: StorageHarness) -> None:
        held = Event()

        async def hold() -> None:
            async with harness.storage.begin() as uow:
                await uow.retain_blobs()
                held.set()

        async with timeout(TIMEOUT):
            async with harness.storage.unreferenced_blobs.claim_expired(at(0), 1):
                holder = create_task(hold())
                await wait([holder], timeout=SHORT_WAIT)
                assert not held.is_set(), "the holder did not wait"
            await holder

    async def test_holders_run_concurrently(self, harness: StorageHarness) -> None:
        async with timeout(TIMEOUT), harness.storage.begin() as first, harness.storage.begin() as second:
            await first.retain_blobs()
            await second.retain_blobs()
            await first.retain_blobs()

    async def test_sweeps_and_holders_do_not_deadlock(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        async def upload() -> None:
            image = harness.new_image(ada)
            async with harness.storage.begin() as uow:
                await uow.retain_blobs()
                await uow.images.add(image)
                await uow.commit()

        async with timeout(TIMEOUT):
            swept = await gather(
                *(take_expired(harness, at(1), limit=1) for _ in range(4)), *(upload() for _ in range(8))
            )

        assert {key for keys in swept if keys for key in keys} == set(UNREFERENCED_KEYS)

    async def test_failed_holder_releases_lock(self, harness: StorageHarness) -> None:
        await harness.storage.unreferenced_blobs.register(UNREFERENCED_KEYS, at(0))

        with suppress(LookupError):
            async with harness.storage.begin() as uow:
                await uow.retain_blobs()
                raise LookupError("something broke")

        async with timeout(TIMEOUT):
            assert await take_expired(harness, at(1)) == set(UNREFERENCED_KEYS)
