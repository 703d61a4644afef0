from collections.abc import Sequence
from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.decision_effects import apply_effects
from domain.effects import Target, TargetKind
from domain.ids import ImageId
from domain.screening import PendingScreening, Screenings

_ADD = "insert into screenings (image_id, next_attempt_at, attempts) values ($1, $2, $3)"
# screenings_pkey
_GET = "select image_id, next_attempt_at, attempts from screenings where image_id = $1 for update"
_SAVE = "update screenings set next_attempt_at = $2, attempts = $3 where image_id = $1"
_DELETE = "delete from screenings where image_id = $1"
# screenings_next_attempt_at_idx
FIND_DUE = "select image_id from screenings where next_attempt_at <= $1 order by next_attempt_at limit $2"


class PostgresScreenings(Screenings):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, screening: PendingScreening) -> None:
        await self._connection.execute(_ADD, screening.image_id, screening.next_attempt_at, screening.attempts)
        await apply_effects(self._connection, Target(TargetKind.IMAGE, screening.image_id))

    async def get(self, image_id: ImageId) -> PendingScreening | None:
        row = await self._connection.fetchrow(_GET, image_id)
        return PendingScreening(ImageId(row["image_id"]), row["next_attempt_at"], row["attempts"]) if row else None

    async def save(self, screening: PendingScreening) -> None:
        await self._connection.execute(_SAVE, screening.image_id, screening.next_attempt_at, screening.attempts)

    async def delete(self, image_id: ImageId) -> None:
        await self._connection.execute(_DELETE, image_id)
        await apply_effects(self._connection, Target(TargetKind.IMAGE, image_id))

    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        return [ImageId(row["image_id"]) for row in await self._connection.fetch(FIND_DUE, now, limit)]
