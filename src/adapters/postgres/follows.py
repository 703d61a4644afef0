from datetime import datetime

from adapters.postgres.database import Connection
from domain.follows import FollowLimit, Follows
from domain.ids import UserId
from domain.users import UserNotFound


class PostgresFollows(Follows):
    def __init__(self, by_hand: Connection) -> None:
        self._by_hand = by_hand

    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> bool:
        row = await self._by_hand.fetchrow(_FOLLOW, follower, followee, now, limit)
        if row["present"] < len({follower, followee}):
            raise UserNotFound
        if not row["new"] and not row["stood"] and row["following"] >= limit:
            raise FollowLimit(limit)
        return bool(row["new"])

    async def remove(self, follower: UserId, followee: UserId) -> bool:
        return bool(await self._by_hand.fetchval(_UNFOLLOW, follower, followee))


# Both people are locked, in the order of their ids, before anything is read of them: so the limit holds in a race, and
# two who follow each other at once do not wait for each other.
_PAIR = (
    "pair as materialized (select id, following_count from users where id in ($1, $2) order by id for no key update)"
)

_FOLLOW = f"""
with {_PAIR},
 new as (
  insert into follows (follower_id, followee_id, created_at)
  select $1, $2, $3
  where (select count(*) from pair) = 2 and (select following_count from pair where id = $1) < $4
  on conflict do nothing returning 1),
 counted as (
  update users
  set following_count = following_count + (id = $1)::int, followers_count = followers_count + (id = $2)::int
  where id in ($1, $2) and exists (select from new))
select (select count(*) from pair) as present,
       (select following_count from pair where id = $1) as following,
       exists (select from new) as new,
       exists (select from follows where follower_id = $1 and followee_id = $2) as stood
"""  # noqa: S608 — made of constants

_UNFOLLOW = f"""
with {_PAIR},
 gone as (
  delete from follows
  where (select count(*) from pair) > 0 and follower_id = $1 and followee_id = $2 returning 1),
 counted as (
  update users
  set following_count = following_count - (id = $1)::int, followers_count = followers_count - (id = $2)::int
  where id in ($1, $2) and exists (select from gone))
select exists (select from gone)
"""  # noqa: S608 — made of constants
