from collections.abc import Iterator, Sequence

from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from adapters.memory.views import can_see_image
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.vision.duplicates import (
    MAX_DISTANCE,
    MAX_DUPLICATES,
    Duplicate,
    DuplicateKind,
    Duplicates,
    Fingerprint,
    hamming_distance,
)


class MemoryDuplicates(Duplicates):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, owner_id: UserId, original: BlobKey, fingerprint: Fingerprint | None) -> tuple[Duplicate, ...]:
        duplicates = _find(await self._transaction.tables(), owner_id, original, fingerprint)
        nearest_first = sorted(
            duplicates, key=lambda one: (one.kind is not DuplicateKind.EXACT, one.distance, one.image_id)
        )
        return tuple(nearest_first[:MAX_DUPLICATES])

    async def save(self, image_id: ImageId, found: Sequence[Duplicate]) -> None:
        (await self._transaction.tables()).duplicates[image_id] = tuple(found)


def _find(tables: Tables, owner_id: UserId, original: BlobKey, fingerprint: Fingerprint | None) -> Iterator[Duplicate]:
    for image in tables.images.values():
        if not can_see_image(tables, owner_id, image):
            continue
        if image.original == original:
            yield Duplicate(image.id, DuplicateKind.EXACT, 0)
        elif fingerprint is not None and image.fingerprint is not None:
            distance = hamming_distance(image.fingerprint, fingerprint)
            if distance <= MAX_DISTANCE:
                yield Duplicate(image.id, DuplicateKind.NEAR, distance)
