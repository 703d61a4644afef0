from datetime import datetime

from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from domain.follows import FollowFacts, FollowResult, Follows, decide_follow
from domain.ids import UserId


class MemoryFollows(Follows):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> FollowResult:
        tables = await self._transaction.tables()
        followed = decide_follow(_standing(tables, follower, followee), limit)
        if followed is FollowResult.REQUESTED:
            tables.requests[follower, followee] = now
        elif followed is FollowResult.FOLLOWS:
            tables.add_follow(follower, followee, now)
        return followed

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        tables = await self._transaction.tables()
        return tables.drop_follow(follower, followee) or tables.requests.pop((follower, followee), None) is not None

    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        return (await self._transaction.tables()).accept(follower, followee, now)

    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        return (await self._transaction.tables()).requests.pop((follower, followee), None) is not None


def _standing(tables: Tables, follower: UserId, followee: UserId) -> FollowFacts:
    one, other = tables.users.get(follower), tables.users.get(followee)
    requests = sum(asking == follower for asking, _ in tables.requests)
    return FollowFacts(
        present=one is not None and other is not None,
        blocked=(followee, follower) in tables.blocks,
        blocking=(follower, followee) in tables.blocks,
        follows=(follower, followee) in tables.follows,
        requested=(follower, followee) in tables.requests,
        count=requests + (one.following_count if one else 0),
        needs_approval=other is not None and other.approves_followers,
    )
