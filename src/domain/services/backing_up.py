"""Backups of an installation, their verification, and restoring."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.backups import (
    MANIFESTS,
    MARKER,
    BackupNotFound,
    BackupRefused,
    BackupStore,
    DatabaseDumps,
    Manifest,
    encode_marker,
    require_same_installation,
)
from domain.blobs import BlobDamaged, BlobKey, BlobStore
from domain.clock import Clock
from domain.ids import Ids
from domain.services.blob_copying import BlobCopying, CopyReport, Track, is_intact
from domain.services.in_parallel import for_each
from domain.unreferenced_blobs import UnreferencedBlobs

PAUSE = timedelta(minutes=15)
"""How long blobs are not deleted after a backup was killed."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    manifest: Manifest
    blobs: CopyReport


class BackingUp:
    def __init__(
        self,
        dumps: DatabaseDumps,
        blobs: BlobStore,
        blob_copying: BlobCopying,
        unreferenced_blobs: UnreferencedBlobs,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._dumps = dumps
        self._blobs = blobs
        self._blob_copying = blob_copying
        self._unreferenced_blobs = unreferenced_blobs
        self._clock = clock
        self._ids = ids

    async def back_up(self, target: BackupStore, track: Track) -> BackupReport:
        """Dump the database, then copy the blobs that its rows refer to and that the target lacks. Blobs that appear
        later belong to rows that the dump lacks. Raises `BackupRefused`."""
        installation = await self._dumps.installation()
        await _require_own(target, installation)
        async with target.writing(), self._paused_deletion():
            await target.write(MARKER, encode_marker(installation))
            begun_at, migration = self._clock.now(), await self._dumps.migration()
            manifest = Manifest(installation, begun_at, migration, await self._dumps.dump(target.blobs))
            keys = await self._referenced_keys(manifest, target)
            blobs = await self._blob_copying.copy(keys, self._blobs, target.blobs, track)
            await target.write(f"{MANIFESTS}{manifest.name}.json", manifest.encode())
        return BackupReport(manifest, blobs)

    async def verify(self, source: BackupStore, track: Track, at: str | None = None) -> BackupReport:
        """Read the blobs of every row of a backup, by default of the newest. Raises `BlobMissing` or `BlobDamaged` if
        its dump is not intact."""
        manifest = await _find_manifest(source, at)
        report = CopyReport()
        keys = await self._referenced_keys(manifest, source)
        present = {key async for key in source.blobs.keys()}
        with track("Reading blobs", len(keys)) as advance:

            async def verify(key: BlobKey) -> None:
                if key not in present:
                    report.missing.append(key)
                elif await is_intact(source.blobs, key):
                    report.present += 1
                else:
                    report.damaged.append(key)
                advance(key.value[:12])

            await for_each(keys, verify)
        return BackupReport(manifest, report)

    async def restore(self, source: BackupStore, track: Track, at: str | None = None) -> BackupReport:
        """Copy the blobs of a backup, by default of the newest, then restore its dump. A repetition continues an
        interrupted one. Raises `BackupRefused` unless this installation is empty."""
        manifest = await _find_manifest(source, at)
        await self._dumps.require_restorable(manifest)
        keys = await self._referenced_keys(manifest, source)
        blobs = await self._blob_copying.copy(keys, source.blobs, self._blobs, track, check=True)
        await self._dumps.restore(manifest.dump, source.blobs)
        return BackupReport(manifest, blobs)

    async def _referenced_keys(self, manifest: Manifest, store: BackupStore) -> list[BlobKey]:
        if not await is_intact(store.blobs, manifest.dump):
            raise BlobDamaged(
                f"the dump of the backup {manifest.name} in {store.where} is missing or damaged; use another one "
                "with --at"
            )
        return list({key: None async for key in self._dumps.referenced_keys(manifest.dump, store.blobs)})

    @asynccontextmanager
    async def _paused_deletion(self) -> AsyncIterator[None]:
        """Delete no blobs during the block. The pause is short and extended repeatedly, so that it ends by itself when
        this process is killed."""
        pause = self._ids.new()

        async def extend() -> None:
            while True:
                await asyncio.sleep((PAUSE / 5).total_seconds())
                await self._unreferenced_blobs.pause(pause, self._clock.now() + PAUSE)

        await self._unreferenced_blobs.pause(pause, self._clock.now() + PAUSE)
        extension = asyncio.create_task(extend())
        try:
            yield
            if extension.done():  # the database could not be reached: blobs may have been deleted
                extension.result()
        finally:
            extension.cancel()
            await self._unreferenced_blobs.resume(pause)


async def _require_own(target: BackupStore, installation: UUID) -> None:
    if await target.is_foreign():
        raise BackupRefused(f"{target.where} contains something else than backups; use another destination")
    if marker := await target.read(MARKER):
        require_same_installation(marker, installation, target.where)


async def _find_manifest(source: BackupStore, at: str | None) -> Manifest:
    """Return the manifest with this name, or the newest. Raises `BackupNotFound`."""
    names = await source.names()
    name = f"{MANIFESTS}{at}.json" if at else next(iter(names[-1:]), "")
    content = await source.read(name) if name in names else None
    if content is None:
        there = ", ".join(one.removeprefix(MANIFESTS).removesuffix(".json") for one in names[-5:])
        hint = f"the newest are {there}" if there else "it has no complete backup"
        raise BackupNotFound(f"{source.where} has no backup{f' {at}' if at else ''}; {hint}")
    return Manifest.parse(content)
