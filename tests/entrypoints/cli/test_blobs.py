"""`tintype blobs`, with a folder and a real bucket."""

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from domain.blobs import BlobKey
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg
from tests.seaweedfs import BUCKET, CREDENTIALS, SeaweedFs


@pytest.fixture
def tintype(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tintype:
    monkeypatch.setenv("COLUMNS", "80")
    return Tintype(memory_container(config={"home": tmp_path, "blobs": "filesystem"}))


@pytest.fixture
def with_bucket(tintype: Tintype, monkeypatch: pytest.MonkeyPatch, object_store: SeaweedFs) -> Iterator[Tintype]:
    """The same with an empty bucket."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    tintype.container.config.from_dict({"s3_bucket": BUCKET, "s3_endpoint": object_store.endpoint})
    asyncio.run(_empty(tintype))
    yield tintype
    asyncio.run(_empty(tintype))


def file_of(home: Path, key: BlobKey) -> Path:
    return home / "blobs" / key.value[:2] / key.value[2:4] / key.value


def publish(tintype: Tintype, folder: Path) -> None:
    tintype.sign_up("ada")
    for seed in range(3):
        (folder / f"{seed}.jpg").write_bytes(a_jpeg(seed=seed))
        tintype.publish("ada", folder / f"{seed}.jpg")


def test_files_are_copied_to_bucket_and_back(with_bucket: Tintype, tmp_path: Path, images: Path) -> None:
    publish(with_bucket, images)

    first = with_bucket("blobs", "copy", "--to", "s3", "--json").lines
    again = with_bucket("blobs", "copy", "--to", "s3", "--json").lines
    shutil.rmtree(tmp_path / "blobs")
    back = with_bucket("blobs", "copy", "--to", "filesystem", "--json").lines

    count = first[0]["copied"]
    assert count >= 3, "three originals, and renditions that may be equal"
    assert first == back == [{"copied": count, "present": 0, "missing": [], "damaged": []}]
    assert again == [{"copied": 0, "present": count, "missing": [], "damaged": []}]
    assert with_bucket("blobs", "verify").code == 0


def test_damaged_files_are_found_and_replaced_from_copy(with_bucket: Tintype, tmp_path: Path, images: Path) -> None:
    publish(with_bucket, images)
    assert with_bucket("blobs", "copy", "--to", "s3").code == 0
    truncated, missing = (file_of(tmp_path, BlobKey.of(a_jpeg(seed=seed))) for seed in (0, 1))
    truncated.write_bytes(a_jpeg()[:-1])
    missing.unlink()

    ran = with_bucket("blobs", "verify", "--json")
    assert (ran.code, {line["key"] for line in ran.lines}) == (1, {truncated.name, missing.name})
    assert "missing or damaged" in with_bucket("blobs", "verify").out

    assert with_bucket("blobs", "copy", "--to", "filesystem", "--check").code == 0
    assert with_bucket("blobs", "verify").code == 0


def test_damaged_file_is_not_copied(with_bucket: Tintype, tmp_path: Path, images: Path) -> None:
    publish(with_bucket, images)
    damaged = file_of(tmp_path, BlobKey.of(a_jpeg()))
    damaged.write_bytes(b"else")

    ran = with_bucket("blobs", "copy", "--to", "s3", "--json")

    assert ran.code == 1
    assert ran.lines[0]["damaged"] == [damaged.name]
    assert BlobKey(damaged.name) not in asyncio.run(_list(with_bucket))


async def _empty(tintype: Tintype) -> None:
    for key in await _list(tintype):
        await tintype.container.s3_blobs().delete(key)


async def _list(tintype: Tintype) -> set[BlobKey]:
    return {key async for key in tintype.container.s3_blobs().keys()}


def test_copy_without_bucket_is_refused(tintype: Tintype) -> None:
    ran = tintype("blobs", "copy", "--to", "s3")
    assert (ran.code, "TINTYPE_S3_BUCKET" in ran.err) == (4, True)
    assert tintype("blobs", "copy").code == 2
    assert tintype("blobs", "copy", "--to", "tape").code == 2


def test_unreferenced_files_are_deleted_after_a_day(tmp_path: Path) -> None:
    clock = StoppedClock()
    tintype = Tintype(memory_container(config={"home": tmp_path, "blobs": "filesystem"}, clock=clock))
    key = asyncio.run(tintype.container.blobs().put(b"abandoned"))

    assert tintype("blobs", "gc", "--json").lines == [{"deleted": 0}]
    clock.advance(timedelta(hours=25))
    assert tintype("blobs", "gc").out == "Deleted 1 file.\n"
    assert not file_of(tmp_path, key).exists()
