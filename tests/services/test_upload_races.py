"""Uploads while the sweep deletes blobs, and while the blob store is slow."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.memory.blobs import MemoryBlobStore
from container import Container
from domain.blobs import BlobKey, StorageUnavailable
from domain.ids import UserId
from domain.images import Image, Size
from domain.pages import PageRequest
from domain.unreferenced_blobs import CLAIM, RESERVATION, UNREFERENCED_RETENTION
from domain.users import SignUp
from tests.containers import container_for
from tests.doubles import StoppedClock
from tests.sample_images import a_jpeg

TIMEOUT = 20
"""Seconds after which a test that waits for another task gives up."""
SECOND = timedelta(seconds=1)
UPLOADS = 24
"""More than the connections of a pool."""


class HeldBlobStore(MemoryBlobStore):
    """A store whose writes and deletions a test can hold."""

    def __init__(self) -> None:
        super().__init__()
        self._held = asyncio.Semaphore(0)
        self._writes, self._deletions = asyncio.Event(), asyncio.Event()
        self.is_unplugged = False
        self.release()

    def hold_writes(self) -> None:
        self._writes.clear()

    def hold_deletions(self) -> None:
        self._deletions.clear()

    def release(self) -> None:
        self._writes.set()
        self._deletions.set()

    async def put(self, data: bytes) -> BlobKey:
        await self._wait_for(self._writes)
        return await super().put(data)

    async def delete(self, key: BlobKey) -> None:
        await self._wait_for(self._deletions)
        if self.is_unplugged:
            raise StorageUnavailable("the storage is unplugged")
        await super().delete(key)

    async def _wait_for(self, permission: asyncio.Event) -> None:
        if not permission.is_set():
            self._held.release()
        await permission.wait()

    async def wait_until_held(self, number: int) -> None:
        """Return when that many writes or deletions have begun."""
        for _ in range(number):
            await self._held.acquire()


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def blobs() -> HeldBlobStore:
    return HeldBlobStore()


@pytest.fixture
async def container(either_store: str | None, clock: StoppedClock, blobs: HeldBlobStore) -> AsyncIterator[Container]:
    async with asyncio.timeout(TIMEOUT), container_for(either_store, clock=clock, blobs=blobs) as container:
        yield container


async def sign_up(container: Container, name: str) -> UserId:
    return (await container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))).user.id


async def assert_files_exist(blobs: HeldBlobStore, image: Image) -> None:
    assert await blobs.get(image.original)
    assert all([await blobs.get(image.renditions[size].key) for size in Size])


async def test_upload_of_bytes_that_sweep_is_deleting_keeps_its_files(
    container: Container, blobs: HeldBlobStore, clock: StoppedClock
) -> None:
    ada = await sign_up(container, "ada")
    uploading, sweeping = container.uploading(), container.sweeping()
    await uploading.delete((await uploading.upload(ada, a_jpeg())).id, ada)
    await sweeping.sweep()
    clock.advance(UNREFERENCED_RETENTION + SECOND)
    blobs.hold_deletions()
    sweep = asyncio.create_task(sweeping.sweep())
    await blobs.wait_until_held(1)

    upload = asyncio.create_task(uploading.upload(ada, a_jpeg()))
    await asyncio.wait([upload], timeout=0.2)
    assert not upload.done(), "the upload did not wait for the sweep"
    blobs.release()

    assert await sweep > 0
    await assert_files_exist(blobs, await upload)


async def test_upload_of_other_bytes_never_waits_for_sweep(
    container: Container, blobs: HeldBlobStore, clock: StoppedClock
) -> None:
    ada = await sign_up(container, "ada")
    uploading, sweeping = container.uploading(), container.sweeping()
    await blobs.put(b"unreferenced")
    await sweeping.sweep()
    clock.advance(UNREFERENCED_RETENTION + SECOND)
    blobs.hold_deletions()
    sweep = asyncio.create_task(sweeping.sweep())
    await blobs.wait_until_held(1)

    await assert_files_exist(blobs, await uploading.upload(ada, a_jpeg()))

    assert not sweep.done()
    blobs.release()
    assert await sweep == 1


async def test_bytes_whose_deletion_failed_are_refused_until_claim_ends(
    container: Container, blobs: HeldBlobStore, clock: StoppedClock
) -> None:
    """The deletion may still be executed: an upload that it hits would be lost."""
    ada = await sign_up(container, "ada")
    uploading, sweeping = container.uploading(), container.sweeping()
    await uploading.delete((await uploading.upload(ada, a_jpeg())).id, ada)
    await sweeping.sweep()
    clock.advance(UNREFERENCED_RETENTION + SECOND)
    blobs.is_unplugged = True
    with pytest.raises(StorageUnavailable, match="unplugged"):
        await sweeping.sweep()
    blobs.is_unplugged = False

    with pytest.raises(StorageUnavailable, match="is being deleted"):
        await uploading.upload(ada, a_jpeg())
    clock.advance(CLAIM)

    await assert_files_exist(blobs, await uploading.upload(ada, a_jpeg()))


async def test_sweep_keeps_files_of_upload_in_progress(
    container: Container, blobs: HeldBlobStore, clock: StoppedClock
) -> None:
    ada = await sign_up(container, "ada")
    uploading, sweeping = container.uploading(), container.sweeping()
    await uploading.delete((await uploading.upload(ada, a_jpeg())).id, ada)
    await sweeping.sweep()
    clock.advance(UNREFERENCED_RETENTION + SECOND)
    blobs.hold_writes()
    upload = asyncio.create_task(uploading.upload(ada, a_jpeg()))
    await blobs.wait_until_held(1)

    assert await sweeping.sweep() == 0
    blobs.release()

    await assert_files_exist(blobs, await upload)


async def test_upload_that_outlives_its_reservation_is_refused(
    container: Container, blobs: HeldBlobStore, clock: StoppedClock
) -> None:
    ada = await sign_up(container, "ada")
    blobs.hold_writes()
    upload = asyncio.create_task(container.uploading().upload(ada, a_jpeg()))
    await blobs.wait_until_held(1)

    clock.advance(RESERVATION + SECOND)
    blobs.release()

    with pytest.raises(StorageUnavailable, match="60 minutes"):
        await upload
    assert (await container.uploading().of_owner(ada, PageRequest())).items == ()


async def test_abandoned_upload_is_swept(container: Container, blobs: HeldBlobStore, clock: StoppedClock) -> None:
    ada = await sign_up(container, "ada")
    blobs.hold_writes()
    upload = asyncio.create_task(container.uploading().upload(ada, a_jpeg()))
    await blobs.wait_until_held(1)
    upload.cancel()
    await asyncio.wait([upload])
    blobs.release()
    await blobs.put(a_jpeg())

    clock.advance(UNREFERENCED_RETENTION + SECOND)
    await container.sweeping().sweep()

    assert [key async for key in blobs.keys()] == []


async def test_uploads_hold_no_connection_while_files_are_written(container: Container, blobs: HeldBlobStore) -> None:
    ada = await sign_up(container, "ada")
    blobs.hold_writes()
    uploads = [asyncio.create_task(container.uploading().upload(ada, a_jpeg(seed=number))) for number in range(UPLOADS)]
    await blobs.wait_until_held((1 + len(Size)) * UPLOADS)

    bob = await sign_up(container, "bob")
    assert (await container.uploading().of_owner(bob, PageRequest())).items == ()
    blobs.release()

    assert len({image.id for image in await asyncio.gather(*uploads)}) == UPLOADS
