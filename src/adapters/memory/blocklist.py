from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from domain.blobs import BlobKey
from domain.blocklist import Blocklist, Entry, HashKind, ImageHashes, Match, distance_to, match_of
from domain.ids import EntryId, ImageId
from domain.images import Size
from domain.vision.pdq import Pdq, pdq_orientations


class MemoryBlocklist(Blocklist):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, entries: Sequence[Entry]) -> int:
        listed = (await self._transaction.tables()).blocklist
        known = {(entry.kind, entry.value) for entry in listed.values()}
        new = {(entry.kind, entry.value): entry for entry in reversed(entries)}
        added = [entry for key, entry in new.items() if key not in known]
        listed |= {entry.id: entry for entry in added}
        return len(added)

    async def delete(self, entry_id: EntryId) -> Entry | None:
        return (await self._transaction.tables()).blocklist.pop(entry_id, None)

    async def kinds(self) -> frozenset[HashKind]:
        return frozenset(entry.kind for entry in (await self._transaction.tables()).blocklist.values())

    async def find_match(self, hashes: ImageHashes) -> Match | None:
        entries = (await self._transaction.tables()).blocklist.values()
        distances = ((distance_to(entry, hashes), entry) for entry in entries)
        near = [(distance, entry) for distance, entry in distances if distance is not None]
        if not near:
            return None
        distance, entry = min(near, key=lambda one: (one[0], one[1].id))
        return match_of(entry, distance)

    async def save_pdq(self, image_id: ImageId, pdq: Pdq | None) -> None:
        (await self._transaction.tables()).pdq_hashes[image_id] = pdq

    async def find_unhashed(self, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, BlobKey]]:
        tables = await self._transaction.tables()
        unhashed = sorted(tables.images.keys() - tables.pdq_hashes.keys())
        later = [image_id for image_id in unhashed if after is None or image_id > after]
        return [(image_id, tables.images[image_id].renditions[Size.MEDIUM].key) for image_id in later[:limit]]

    async def hashes_of(self, image_id: ImageId) -> ImageHashes | None:
        return _hashes_of(await self._transaction.tables(), image_id)

    async def find_unapplied(self, limit: int) -> Sequence[Entry]:
        entries = (await self._transaction.tables()).blocklist.values()
        return sorted((entry for entry in entries if not entry.applied), key=lambda entry: entry.id)[:limit]

    async def find_images(self, entry: Entry, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, int]]:
        tables = await self._transaction.tables()
        stored = [image_id for image_id in sorted(tables.images) if after is None or image_id > after]
        distances = [(image_id, _distance(tables, entry, image_id)) for image_id in stored]
        return [(image_id, distance) for image_id, distance in distances if distance is not None][:limit]

    async def mark_applied(self, entry_id: EntryId) -> None:
        entries = (await self._transaction.tables()).blocklist
        if entry_id in entries:
            entries[entry_id] = replace(entries[entry_id], applied=True)

    async def begin_upload(self) -> None:
        """Uploads and new entries never overlap: units of work that use rows are serialized."""
        await self._transaction.tables()

    async def await_uploads(self) -> None:
        await self._transaction.tables()


def _hashes_of(tables: Tables, image_id: ImageId) -> ImageHashes | None:
    image = tables.images.get(image_id)
    return None if image is None else ImageHashes((image.original,), image.fingerprint, _pdqs_of(tables, image_id))


def _pdqs_of(tables: Tables, image_id: ImageId) -> tuple[Pdq, ...] | None:
    if image_id not in tables.pdq_hashes:
        return None
    pdq = tables.pdq_hashes[image_id]
    return () if pdq is None else pdq_orientations(pdq)


def _distance(tables: Tables, entry: Entry, image_id: ImageId) -> int | None:
    hashes = _hashes_of(tables, image_id)
    return None if hashes is None else distance_to(entry, hashes)
