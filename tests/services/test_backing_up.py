"""Backups and restoring, in memory and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.memory.backup_store import MemoryBackupStore
from adapters.memory.blobs import MemoryBlobStore
from container import Container
from domain.backups import MANIFESTS, BackupNotFound, BackupRefused, Manifest
from domain.blobs import BlobContent, BlobDamaged, BlobKey, StorageUnavailable
from domain.errors import Invalid
from domain.ids import UserId
from domain.images import Size
from domain.pages import PageRequest
from domain.post_views import PostView
from domain.users import SignUp
from domain.vision import Installer
from domain.vision.desired_model import DesiredModel
from tests.containers import memory_container, postgres_container
from tests.databases import Databases
from tests.doubles import StoppedClock
from tests.sample_images import a_jpeg

TIMEOUT = 60
"""Seconds after which a test that waits for another task gives up."""


@contextmanager
def no_progress(_label: str, _total: int) -> Iterator[Callable[[str], None]]:
    yield lambda _name: None


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def place() -> MemoryBackupStore:
    return MemoryBackupStore()


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def databases_or_none(request: pytest.FixtureRequest) -> Databases | None:
    """Databases, or None for memory."""
    found: Databases | None = request.getfixturevalue("databases") if request.param == "postgres" else None
    return found


@pytest.fixture
async def install(
    databases_or_none: Databases | None, tmp_path: Path, clock: StoppedClock
) -> AsyncIterator[Callable[..., Container]]:
    """Makes empty installations."""
    async with AsyncExitStack() as stack:

        def make(migrated: bool = True, **replaced: Any) -> Container:
            if databases_or_none is None:
                return memory_container(clock=clock, **replaced)
            databases = databases_or_none
            with ThreadPoolExecutor(1) as thread:  # it runs an event loop of its own
                url = thread.submit(databases.create_migrated if migrated else databases.create_empty).result()
            container = postgres_container(url, config={"home": tmp_path}, clock=clock, **replaced)
            stack.push_async_callback(container.database().close)
            return container

        yield make


async def sign_up(container: Container, name: str = "ada") -> UserId:
    return (await container.accounts().sign_up(SignUp(name, f"{name}@example.org", "correct horse"))).user.id


async def publish(container: Container, author: UserId, seed: int) -> PostView:
    image = await container.uploading().upload(author, a_jpeg(seed=seed))
    return await container.posting().publish(author, f"image {seed}", (image.id,))


async def texts_of(container: Container, name: str = "ada") -> list[str]:
    """The texts of a user's posts, whose images all have their files."""
    author = (await container.accounts().profile(name)).user.id
    posts = (await container.browsing().of_author(name, author, PageRequest())).items
    for view in posts:
        for image in view.images:
            assert await container.blobs().get(image.original)
            assert all([await container.blobs().get(image.renditions[size].key) for size in Size])
    return [view.post.text for view in posts]


async def test_restored_installation_equals_original(
    install: Callable[..., Container], place: MemoryBackupStore
) -> None:
    original, copy = install(), install(migrated=False)
    ada = await sign_up(original)
    for seed in range(3):
        await publish(original, ada, seed)

    backup = await original.backing_up().back_up(place, no_progress)
    verified = await copy.backing_up().verify(place, no_progress)
    restored = await copy.backing_up().restore(place, no_progress)

    assert backup.manifest == verified.manifest == restored.manifest
    assert backup.blobs.copied == verified.blobs.present == restored.blobs.copied
    assert await texts_of(copy) == ["image 2", "image 1", "image 0"]
    assert await copy.storage().counters.verify() == []
    assert (await copy.blob_verification().verify(no_progress)).faults == []
    await publish(copy, ada, 4)


async def test_backup_has_file_of_newest_desired_model_only(
    install: Callable[..., Container], place: MemoryBackupStore, clock: StoppedClock
) -> None:
    original, copy = install(), install()
    files = [await original.blobs().put(data) for data in (b"older", b"newest")]
    for revision, file in enumerate(files, 1):
        model = DesiredModel(revision, "m", str(revision), 1.0, file, Installer.OPERATOR, "here", clock.now())
        assert await original.storage().desired_models.add(model)

    await original.backing_up().back_up(place, no_progress)
    await copy.backing_up().restore(place, no_progress)

    assert [key async for key in copy.blobs().keys()] == files[1:]
    restored = await copy.storage().desired_models.current()
    assert restored is not None
    assert restored.file == files[1]


async def test_next_backup_copies_new_files_only(
    install: Callable[..., Container], place: MemoryBackupStore, clock: StoppedClock
) -> None:
    original = install()
    ada = await sign_up(original)
    await publish(original, ada, 0)
    first = await original.backing_up().back_up(place, no_progress)
    clock.advance(timedelta(hours=1))
    await publish(original, ada, 1)

    second = await original.backing_up().back_up(place, no_progress)

    assert second.blobs.present == first.blobs.copied
    assert second.blobs.copied == 1, "equal renditions share a file"
    older, newest = install(), install()
    await older.backing_up().restore(place, no_progress, first.manifest.name)
    await newest.backing_up().restore(place, no_progress)
    assert await texts_of(older) == ["image 0"]
    assert await texts_of(newest) == ["image 1", "image 0"]


async def test_place_of_another_installation_is_refused(
    install: Callable[..., Container], place: MemoryBackupStore
) -> None:
    await install().backing_up().back_up(place, no_progress)

    with pytest.raises(BackupRefused, match="another installation"):
        await install().backing_up().back_up(place, no_progress)

    assert len(await place.names()) == 1


async def test_restored_installation_continues_the_backups(
    install: Callable[..., Container], place: MemoryBackupStore, clock: StoppedClock
) -> None:
    original, copy = install(), install()
    await publish(original, await sign_up(original), 0)
    await original.backing_up().back_up(place, no_progress)
    await copy.backing_up().restore(place, no_progress)
    clock.advance(timedelta(hours=1))

    assert (await copy.backing_up().back_up(place, no_progress)).blobs.copied == 0


async def test_installation_with_users_is_not_overwritten(
    install: Callable[..., Container], place: MemoryBackupStore
) -> None:
    original, other = install(), install()
    await publish(original, await sign_up(original), 0)
    await original.backing_up().back_up(place, no_progress)
    await sign_up(other, "bob")

    with pytest.raises(BackupRefused, match="empty"):
        await other.backing_up().restore(place, no_progress)

    assert (await other.accounts().profile("bob")).user.username == "bob"
    assert [key async for key in other.blobs().keys()] == []


async def test_backup_of_newer_version_is_not_restored(
    install: Callable[..., Container], place: MemoryBackupStore
) -> None:
    manifest = (await install().backing_up().back_up(place, no_progress)).manifest
    await place.write(f"{MANIFESTS}{manifest.name}.json", replace(manifest, migration="9999_later").encode())

    with pytest.raises(BackupRefused, match="9999_later"):
        await install().backing_up().restore(place, no_progress)


async def test_missing_and_damaged_files_are_found(install: Callable[..., Container], place: MemoryBackupStore) -> None:
    original = install()
    ada = await sign_up(original)
    damaged, missing = [(await publish(original, ada, seed)).images[0].original for seed in range(2)]
    await original.backing_up().back_up(place, no_progress)
    await place.blobs.delete(missing)
    _damage(place.blobs, damaged)

    report = (await original.backing_up().verify(place, no_progress)).blobs

    assert (report.missing, report.damaged) == ([missing], [damaged])


async def test_damaged_dump_is_refused(install: Callable[..., Container], place: MemoryBackupStore) -> None:
    original = install()
    manifest = (await original.backing_up().back_up(place, no_progress)).manifest
    _damage(place.blobs, manifest.dump)

    for action in (original.backing_up().verify, install().backing_up().restore):
        with pytest.raises(BlobDamaged, match=manifest.name):
            await action(place, no_progress)


async def test_lost_file_is_reported_and_does_not_stop_the_backup(
    install: Callable[..., Container], place: MemoryBackupStore
) -> None:
    original = install()
    ada = await sign_up(original)
    lost = (await publish(original, ada, 0)).images[0].original
    kept = (await publish(original, ada, 1)).images[0].original
    await original.blobs().delete(lost)

    report = (await original.backing_up().back_up(place, no_progress)).blobs

    assert report.missing == [lost]
    assert await place.blobs.get(kept) == a_jpeg(seed=1)
    assert len(await place.names()) == 1


class SlowBlobStore(MemoryBlobStore):
    """A store whose reads wait, and fail after some."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.permission = asyncio.Event(), asyncio.Event()
        self.permission.set()
        self.reads_left = 1_000_000

    async def open(self, key: BlobKey) -> BlobContent:
        self.began.set()
        await self.permission.wait()
        self.reads_left -= 1
        if self.reads_left < 0:
            raise StorageUnavailable("the storage is unplugged")
        return await super().open(key)


async def test_no_file_is_deleted_during_a_backup(
    install: Callable[..., Container], place: MemoryBackupStore, clock: StoppedClock
) -> None:
    blobs = SlowBlobStore()
    original = install(blobs=blobs)
    ada = await sign_up(original)
    await publish(original, ada, 0)
    await blobs.put(b"unreferenced")
    await original.sweeping().sweep()
    clock.advance(timedelta(hours=25))
    blobs.permission.clear()

    async with asyncio.timeout(TIMEOUT):
        backup = asyncio.create_task(original.backing_up().back_up(place, no_progress))
        await blobs.began.wait()
        assert await original.sweeping().sweep() == 0
        blobs.permission.set()
        await backup

    assert await original.sweeping().sweep() == 1


async def test_interrupted_backup_and_restore_are_continued(
    install: Callable[..., Container], place: MemoryBackupStore, clock: StoppedClock
) -> None:
    blobs = SlowBlobStore()
    original, copy = install(blobs=blobs), install()
    ada = await sign_up(original)
    for seed in range(20):
        await publish(original, ada, seed)
    blobs.reads_left = 5
    with pytest.raises(StorageUnavailable):
        await original.backing_up().back_up(place, no_progress)
    assert await place.names() == []
    with pytest.raises(BackupNotFound, match="no complete backup"):
        await copy.backing_up().restore(place, no_progress)
    blobs.reads_left = 1_000_000

    report = await original.backing_up().back_up(place, no_progress)
    await copy.backing_up().restore(place, no_progress)

    assert report.blobs.present > 0
    assert len(await texts_of(copy)) == 20


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b'{"format": 2}', b'{"format": 1, "installation": 1}'])
def test_damaged_manifest_is_refused(text: bytes) -> None:
    with pytest.raises(Invalid):
        Manifest.parse(text)


def _damage(blobs: object, key: BlobKey) -> None:
    assert isinstance(blobs, MemoryBlobStore)
    blobs._blobs[key] = b"damaged"
