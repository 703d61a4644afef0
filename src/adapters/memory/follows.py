from datetime import datetime

from adapters.memory.store import Transaction
from adapters.memory.tables import Tables
from domain.blocks import Blocking
from domain.follows import Followed, FollowLimit, Follows
from domain.ids import UserId
from domain.users import UserNotFound


class MemoryFollows(Follows):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> Followed:
        tables = await self._transaction.tables()
        if not {follower, followee} <= tables.users.keys() or (followee, follower) in tables.blocks:
            raise UserNotFound
        pair = (follower, followee)
        if pair in tables.blocks:
            raise Blocking
        if pair in tables.follows or pair in tables.requests:
            return Followed.UNCHANGED
        if _follows_and_requests(tables, follower) >= limit:
            raise FollowLimit(limit)
        if tables.users[followee].private:
            tables.requests[pair] = now
            return Followed.REQUESTED
        tables.add_follow(follower, followee, now)
        return Followed.FOLLOWS

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        tables = await self._transaction.tables()
        return tables.drop_follow(follower, followee) or tables.requests.pop((follower, followee), None) is not None

    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        return (await self._transaction.tables()).accept(follower, followee, now)

    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        return (await self._transaction.tables()).requests.pop((follower, followee), None) is not None


def _follows_and_requests(tables: Tables, follower: UserId) -> int:
    return tables.users[follower].following_count + sum(asking == follower for asking, _ in tables.requests)
