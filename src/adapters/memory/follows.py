from datetime import datetime

from adapters.memory.store import Transaction
from domain.follows import FollowLimit, Follows
from domain.ids import UserId
from domain.users import UserNotFound


class MemoryFollows(Follows):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> bool:
        tables = await self._transaction.tables()
        if not {follower, followee} <= tables.users.keys():
            raise UserNotFound
        if (follower, followee) in tables.follows:
            return False
        if tables.users[follower].following_count >= limit:
            raise FollowLimit(limit)
        tables.add_follow(follower, followee, now)
        return True

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        return (await self._transaction.tables()).drop_follow(follower, followee)
