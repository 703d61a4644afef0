from collections.abc import Collection
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.challenges import Challenge, Challenges, Purpose
from domain.users import UserNotFound


class MemoryChallenges(Challenges):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, challenge: Challenge) -> None:
        tables = await self._transaction.tables()
        if challenge.user_id is not None and challenge.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.challenges[challenge.secret_hash] = challenge

    async def take(self, secret_hash: str, purposes: Collection[Purpose], now: datetime) -> Challenge | None:
        challenges = (await self._transaction.tables()).challenges
        challenge = challenges.get(secret_hash)
        if challenge is None or challenge.purpose not in purposes or challenge.expires_at <= now:
            return None
        return challenges.pop(secret_hash)

    async def delete_expired(self, now: datetime) -> int:
        tables = await self._transaction.tables()
        left = {key: challenge for key, challenge in tables.challenges.items() if challenge.expires_at > now}
        count = len(tables.challenges) - len(left)
        tables.challenges = left
        return count
