"""Copying of blobs between stores."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeAlias

from domain.blobs import BlobDamaged, BlobKey, BlobMissing, BlobStore, check_content
from domain.services.in_parallel import for_each

Track: TypeAlias = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]
"""Shows the progress of a number of steps under a label. The result is called after each step, with its name."""


@dataclass
class CopyReport:
    """`present` blobs were there already. `missing` ones are not in the source, and `damaged` ones are there with other
    bytes."""

    copied: int = 0
    present: int = 0
    missing: list[BlobKey] = field(default_factory=list)
    damaged: list[BlobKey] = field(default_factory=list)


class BlobCopying:
    """A repetition continues an interrupted copy: blobs are complete or missing, and complete ones are skipped."""

    async def copy_all(self, source: BlobStore, target: BlobStore, track: Track, *, check: bool = False) -> CopyReport:
        """Copy every blob. `check` reads the blobs that are there already, and replaces damaged ones."""
        keys = [key async for key in source.keys()]
        return await self.copy(keys, source, target, track, check=check)

    async def copy(
        self, keys: Sequence[BlobKey], source: BlobStore, target: BlobStore, track: Track, *, check: bool = False
    ) -> CopyReport:
        """Copy these blobs. Missing and damaged ones do not stop the others."""
        present = {key async for key in target.keys()}
        wanted = [key for key in keys if check or key not in present]
        report = CopyReport(present=len(keys) - len(wanted))
        with track("Copying blobs", len(wanted)) as advance:

            async def copy(key: BlobKey) -> None:
                if key in present and await is_intact(target, key):
                    report.present += 1
                else:
                    await _copy(key, source, target, report)
                advance(key.value[:12])

            await for_each(wanted, copy)
        return report


async def is_intact(blobs: BlobStore, key: BlobKey) -> bool:
    """Read the blob, and return whether its bytes are there and are those of the key."""
    try:
        await _exhaust(check_content(key, await blobs.open(key)))
    except (BlobMissing, BlobDamaged):
        return False
    return True


async def _copy(key: BlobKey, source: BlobStore, target: BlobStore, report: CopyReport) -> None:
    try:
        await target.store(key, await source.open(key))
    except BlobMissing:
        report.missing.append(key)
    except BlobDamaged:
        report.damaged.append(key)
    else:
        report.copied += 1


async def _exhaust(chunks: AsyncIterator[bytes]) -> None:
    async for _ in chunks:
        pass
