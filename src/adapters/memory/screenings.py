from collections.abc import Sequence
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.ids import ImageId
from domain.screening import PendingScreening, Screenings


class MemoryScreenings(Screenings):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, screening: PendingScreening) -> None:
        (await self._transaction.tables()).screenings[screening.image_id] = screening

    async def get(self, image_id: ImageId) -> PendingScreening | None:
        return (await self._transaction.tables()).screenings.get(image_id)

    async def save(self, screening: PendingScreening) -> None:
        pending = (await self._transaction.tables()).screenings
        if screening.image_id in pending:
            pending[screening.image_id] = screening

    async def delete(self, image_id: ImageId) -> None:
        (await self._transaction.tables()).screenings.pop(image_id, None)

    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        pending = (await self._transaction.tables()).screenings.values()
        due = sorted((one for one in pending if one.is_due(now)), key=lambda one: one.next_attempt_at)
        return [one.image_id for one in due[:limit]]
