"""The contract of `BackupStore`."""

from abc import abstractmethod
from collections.abc import Callable

import pytest

from domain.backups import MANIFESTS, MARKER, BackupStore
from domain.blobs import BlobKey

Open = Callable[[], BackupStore]
"""Opens one place anew, as another process does."""


class BackupStoreContract:
    @pytest.fixture
    @abstractmethod
    def open_place(self) -> Open:
        """An empty place."""

    async def test_what_is_written_is_read_by_next_process(self, open_place: Open) -> None:
        place = open_place()
        async with place.writing():
            await place.write(MARKER, b"marker")
            key = await place.blobs.put(b"light")
            for name in ("2026-02", "2026-01"):
                await place.write(f"{MANIFESTS}{name}.json", name.encode())

        again = open_place()

        assert await again.read(MARKER) == b"marker"
        assert await again.names() == [f"{MANIFESTS}2026-01.json", f"{MANIFESTS}2026-02.json"]
        assert await again.read(f"{MANIFESTS}2026-02.json") == b"2026-02"
        assert await again.blobs.get(key) == b"light"
        assert [found async for found in again.blobs.keys()] == [BlobKey.of(b"light")]
        assert not await again.is_foreign()

    async def test_empty_place_has_nothing(self, open_place: Open) -> None:
        place = open_place()

        assert not await place.is_foreign()
        assert await place.read(MARKER) is None
        assert await place.names() == []
        assert [key async for key in place.blobs.keys()] == []
        assert place.where
