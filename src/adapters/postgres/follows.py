from datetime import datetime
from uuid import UUID

from adapters.postgres.database import Connection
from domain.follows import FollowFacts, FollowResult, Follows, decide_follow
from domain.ids import UserId


class PostgresFollows(Follows):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> FollowResult:
        followed = decide_follow(await self._standing(follower, followee), limit)
        if followed is FollowResult.REQUESTED:
            await self._connection.execute(_REQUEST, follower, followee, now)
        elif followed is FollowResult.FOLLOWS:
            await self._follow(follower, followee, now)
        return followed

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        await lock_pair(self._connection, follower, followee)
        return await end_follow(self._connection, follower, followee)

    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        await lock_pair(self._connection, follower, followee)
        if not await self.refuse(follower, followee):
            return False
        await self._follow(follower, followee, now)
        return True

    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        return bool(await self._connection.fetchval(_DELETE_REQUEST, follower, followee))

    async def _standing(self, follower: UserId, followee: UserId) -> FollowFacts:
        """Read the standing under the locks of both users, which are held until the unit of work ends."""
        approving = await lock_pair(self._connection, follower, followee)
        row = await self._connection.fetchrow(_STANDING, follower, followee)
        present = approving.keys() == {follower, followee}
        return FollowFacts(present=present, needs_approval=approving.get(followee, False), **row)

    async def _follow(self, follower: UserId, followee: UserId, now: datetime) -> None:
        await self._connection.execute(_INSERT, follower, followee, now)
        await self._connection.execute(_COUNT, follower, followee, 1)


async def lock_pair(connection: Connection, one: UserId, other: UserId) -> dict[UUID, bool]:
    """Lock both users. Return for each existing one whether it approves its followers."""
    return {row["id"]: row["approves"] for row in await connection.fetch(_LOCK_PAIR, one, other)}


async def end_follow(connection: Connection, follower: UserId, followee: UserId) -> bool:
    """Delete a follow or request between two locked users. Return False when there is neither."""
    if await connection.fetchval(_DELETE_REQUEST, follower, followee):
        return True
    if not await connection.fetchval(_DELETE, follower, followee):
        return False
    await connection.execute(_COUNT, follower, followee, -1)
    return True


# Both users are locked in the order of their ids, so that two users who follow each other at once cannot deadlock. The
# locks have their own statement, so that later reads happen under them. (In one statement with the count, PostgreSQL 18
# occasionally let three users who follow the same person deadlock.)
_LOCK_PAIR = """
select id, private or follow_approval as approves from users where id in ($1, $2) order by id for no key update
"""

# follows_pkey, follow_requests_pkey, blocks_pkey, users_pkey
_STANDING = """
select exists (select from follows where follower_id = $1 and followee_id = $2) as follows,
  exists (select from follow_requests where follower_id = $1 and followee_id = $2) as requested,
  exists (select from blocks where blocker_id = $1 and blocked_id = $2) as blocking,
  exists (select from blocks where blocker_id = $2 and blocked_id = $1) as blocked,
  coalesce((select following_count from users where id = $1), 0)
    + (select count(*) from follow_requests where follower_id = $1) as count
"""

_REQUEST = "insert into follow_requests (follower_id, followee_id, created_at) values ($1, $2, $3)"

_DELETE_REQUEST = "delete from follow_requests where follower_id = $1 and followee_id = $2 returning true"

_INSERT = "insert into follows (follower_id, followee_id, created_at) values ($1, $2, $3)"

_DELETE = "delete from follows where follower_id = $1 and followee_id = $2 returning true"

# `domain.counters.count_follow`, and with $3 = -1 its `undo`
_COUNT = """
update users
set following_count = following_count + (id = $1)::int * $3::int,
    followers_count = followers_count + (id = $2)::int * $3::int
where id in ($1, $2)
"""
