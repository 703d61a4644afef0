from datetime import datetime

from adapters.postgres.database import Connection
from domain.follows import FollowLimit, Follows
from domain.ids import UserId
from domain.users import UserNotFound


class PostgresFollows(Follows):
    def __init__(self, by_hand: Connection) -> None:
        self._by_hand = by_hand

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> bool:
        following = await self._locked(follower, followee)
        if following is None:
            raise UserNotFound
        if await self._by_hand.fetchval(_STANDS, follower, followee):
            return False
        if following >= limit:
            raise FollowLimit(limit)
        await self._by_hand.execute(_INSERT, follower, followee, now)
        await self._by_hand.execute(_COUNT, follower, followee, 1)
        return True

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        await self._locked(follower, followee)
        if not await self._by_hand.fetchval(_DELETE, follower, followee):
            return False
        await self._by_hand.execute(_COUNT, follower, followee, -1)
        return True

    async def _locked(self, follower: UserId, followee: UserId) -> int | None:
        """How many the follower follows, with both people locked; None unless both are there."""
        found = await self._by_hand.fetch(_LOCK_PAIR, follower, followee)
        counts = {row["id"]: row["following_count"] for row in found}
        return counts[follower] if counts.keys() == {follower, followee} else None


# Both people are locked in the order of their ids, so that two who follow each other at once do not wait for each
# other, and in a statement of its own: what is read and counted afterwards is seen under the locks. (In one statement
# with the count, PostgreSQL 18 now and then let three who follow the same person wait for each other.)
_LOCK_PAIR = "select id, following_count from users where id in ($1, $2) order by id for no key update"

# follows_pkey
_STANDS = "select true from follows where follower_id = $1 and followee_id = $2"

_INSERT = "insert into follows (follower_id, followee_id, created_at) values ($1, $2, $3)"

_DELETE = "delete from follows where follower_id = $1 and followee_id = $2 returning true"

_COUNT = """
update users
set following_count = following_count + (id = $1)::int * $3::int,
    followers_count = followers_count + (id = $2)::int * $3::int
where id in ($1, $2)
"""
