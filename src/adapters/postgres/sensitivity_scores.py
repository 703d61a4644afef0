from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection, Row
from domain.ids import ImageId
from domain.sensitive_media import SensitivityScore, SensitivityScores

COLUMNS = "image_id, next_attempt_at, attempts, model, score, asked, scored_at, answer, answered_at"
_ADD = f"insert into sensitivity_scores ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
# sensitivity_scores_pkey
_GET = f"select {COLUMNS} from sensitivity_scores where image_id = $1 for update"
_SAVE = f"""
update sensitivity_scores set ({COLUMNS}) = ($1, $2, $3, $4, $5, $6, $7, $8, $9) where image_id = $1
"""
_IS_ANY_SENSITIVE = """
select exists (select from sensitivity_scores where image_id = any($1::uuid[]) and answer)
"""
# sensitivity_scores_next_attempt_at_idx
FIND_DUE = """
select image_id from sensitivity_scores where next_attempt_at <= $1 order by next_attempt_at, image_id limit $2
"""


class PostgresSensitivityScores(SensitivityScores):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, score: SensitivityScore) -> None:
        await self._connection.execute(_ADD, *_values_of(score))

    async def get(self, image_id: ImageId) -> SensitivityScore | None:
        row = await self._connection.fetchrow(_GET, image_id)
        return score_of(row) if row else None

    async def save(self, score: SensitivityScore) -> None:
        await self._connection.execute(_SAVE, *_values_of(score))

    async def is_any_sensitive(self, image_ids: Collection[ImageId]) -> bool:
        return bool(await self._connection.fetchval(_IS_ANY_SENSITIVE, list(image_ids)))

    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        return [ImageId(row["image_id"]) for row in await self._connection.fetch(FIND_DUE, now, limit)]


def score_of(row: Row) -> SensitivityScore:
    """Return the score from a row with `COLUMNS`."""
    return SensitivityScore(
        ImageId(row["image_id"]),
        row["next_attempt_at"],
        row["attempts"],
        row["model"],
        row["score"],
        row["asked"],
        row["scored_at"],
        row["answer"],
        row["answered_at"],
    )


def _values_of(score: SensitivityScore) -> tuple[Any, ...]:
    return (
        score.image_id,
        score.next_attempt_at,
        score.attempts,
        score.model,
        score.score,
        score.asked,
        score.scored_at,
        score.answer,
        score.answered_at,
    )
