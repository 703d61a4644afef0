import json
from collections.abc import Collection
from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from domain.challenges import Challenge, Challenges, Purpose
from domain.ids import UserId

ADD = "insert into challenges (secret_hash, purpose, user_id, data, expires_at) values ($1, $2, $3, $4, $5)"

# challenges_pkey
TAKE = """
delete from challenges where secret_hash = $1 and purpose = any($2::text[]) and expires_at > $3
returning purpose, user_id, data, expires_at
"""

# challenges_expires_at_idx
DELETE_EXPIRED = "with gone as (delete from challenges where expires_at <= $1 returning 1) select count(*) from gone"


class PostgresChallenges(Challenges):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, challenge: Challenge) -> None:
        with translate_errors():
            await self._connection.execute(
                ADD,
                bytes.fromhex(challenge.secret_hash),
                challenge.purpose.value,
                challenge.user_id,
                json.dumps(dict(challenge.data)),
                challenge.expires_at,
            )

    async def take(self, secret_hash: str, purposes: Collection[Purpose], now: datetime) -> Challenge | None:
        row = await self._connection.fetchrow(TAKE, bytes.fromhex(secret_hash), purposes, now)
        if row is None:
            return None
        user_id = UserId(row.user_id) if row.user_id else None
        return Challenge(secret_hash, Purpose(row.purpose), row.expires_at, user_id, json.loads(row["data"]))

    async def delete_expired(self, now: datetime) -> int:
        return int(await self._connection.fetchval(DELETE_EXPIRED, now))
