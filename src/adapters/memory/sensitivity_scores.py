from collections.abc import Collection, Sequence
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.ids import ImageId
from domain.sensitive_media import SensitivityScore, SensitivityScores


class MemorySensitivityScores(SensitivityScores):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, score: SensitivityScore) -> None:
        (await self._transaction.tables()).sensitivity_scores[score.image_id] = score

    async def get(self, image_id: ImageId) -> SensitivityScore | None:
        return (await self._transaction.tables()).sensitivity_scores.get(image_id)

    async def save(self, score: SensitivityScore) -> None:
        scores = (await self._transaction.tables()).sensitivity_scores
        if score.image_id in scores:
            scores[score.image_id] = score

    async def is_any_sensitive(self, image_ids: Collection[ImageId]) -> bool:
        scores = (await self._transaction.tables()).sensitivity_scores
        return any(scores[image_id].answer is True for image_id in image_ids if image_id in scores)

    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        scores = (await self._transaction.tables()).sensitivity_scores.values()
        due = [(one.next_attempt_at, one.image_id) for one in scores if one.next_attempt_at and one.is_due(now)]
        return [image_id for _, image_id in sorted(due)[:limit]]
