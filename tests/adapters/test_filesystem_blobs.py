"""Behaviour of the filesystem blob store beyond the contract."""

import os
import time
from pathlib import Path

import pytest

from adapters.filesystem.blobs import STALE_AFTER, FilesystemBlobStore
from domain.blobs import BlobKey, StorageUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "blobs"


def files_under(folder: Path) -> list[Path]:
    return [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]


async def test_blob_is_only_file_at_path_of_hash(folder: Path) -> None:
    key = await FilesystemBlobStore(folder).put(b"light")
    assert files_under(folder) == [Path(key.value[:2], key.value[2:4], key.value)]


async def test_unfinished_files_are_hidden_and_stale_ones_deleted(folder: Path) -> None:
    blobs = FilesystemBlobStore(folder)
    key = await blobs.put(b"light")
    shelf = folder / key.value[:2] / key.value[2:4]
    young, old = shelf / ".part-young", shelf / ".part-old"
    young.touch()
    old.touch()
    long_ago = time.time() - STALE_AFTER - 60
    os.utime(old, (long_ago, long_ago))
    assert [it async for it in blobs.keys()] == [key]
    assert (young.exists(), old.exists()) == (True, False)


async def test_blob_of_wrong_size_is_replaced(folder: Path) -> None:
    blobs = FilesystemBlobStore(folder)
    key = await blobs.put(b"light")
    (folder / key.value[:2] / key.value[2:4] / key.value).write_bytes(b"li")
    await blobs.put(b"light")
    assert await blobs.get(key) == b"light"


async def test_failed_rename_leaves_no_unfinished_file(folder: Path) -> None:
    key = BlobKey.of(b"light")
    in_the_way = folder / key.value[:2] / key.value[2:4] / key.value
    in_the_way.mkdir(parents=True)
    with pytest.raises(StorageUnavailable):
        await FilesystemBlobStore(folder).put(b"light")
    assert list(in_the_way.parent.iterdir()) == [in_the_way]


async def test_unusable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    blobs = FilesystemBlobStore(tmp_path / "file" / "blobs")
    with pytest.raises(StorageUnavailable) as refused:
        await blobs.put(b"light")
    assert str(tmp_path / "file" / "blobs") in refused.value.operator_message
    assert str(tmp_path) not in refused.value.detail
    with pytest.raises(StorageUnavailable):
        await blobs.get(BlobKey.of(b"light"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_full_disk_is_reported(tmp_path: Path) -> None:
    from adapters.filesystem.durable import translate_os_errors

    with pytest.raises(StorageUnavailable) as refused, translate_os_errors(tmp_path):
        Path("/dev/full").write_bytes(b"x")
    assert "disk is full" in refused.value.operator_message
