from datetime import datetime

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.trending import TRENDING_KEY
from adapters.postgres.views import visible
from domain.ids import PostId, UserId
from domain.likes import Likes, Liking


class PostgresLikes(Likes):
    def __init__(self, by_hand: Connection) -> None:
        self._by_hand = by_hand

    async def add(self, post_id: PostId, user_id: UserId, now: datetime) -> Liking | None:
        try:
            count = await self._by_hand.fetchval(_LIKE, post_id, user_id, now)
        except asyncpg.ForeignKeyViolationError:  # the person went between the look and the insert
            return None
        return None if count is None else Liking(count, liked=True)

    async def remove(self, post_id: PostId, user_id: UserId) -> Liking | None:
        count = await self._by_hand.fetchval(_UNLIKE, post_id, user_id)
        return None if count is None else Liking(count, liked=False)


# The row and its count in one statement and one round trip. The post is locked first: its count, read under that lock,
# is the present one, and likes of one post queue up here rather than on the index of likes.
_POST = f"""post as materialized (
  select id, like_count from posts
  where id = $1 and {visible("$2")} and exists (select from users where id = $2)
  for no key update)"""  # noqa: S608 — made of constants

_LIKE = f"""
with {_POST},
 new as (
  insert into likes (post_id, user_id, created_at) select id, $2, $3 from post on conflict do nothing returning 1),
 counted as (
  update posts set like_count = like_count + 1, trending_key = {TRENDING_KEY.format(likes="like_count + 1")}
  where id = $1 and exists (select from new) returning like_count)
select coalesce((select like_count from counted), (select like_count from post))
"""  # noqa: S608 — made of constants

# What went is remembered for a while, for rankings as they were.
_UNLIKE = f"""
with {_POST},
 gone as (
  delete from likes where post_id = (select id from post) and user_id = $2
  returning post_id, xid, created_at as liked_at),
 remembered as (insert into unlikes (post_id, liked_xid, liked_at) select post_id, xid, liked_at from gone),
 counted as (
  update posts set like_count = like_count - 1, trending_key = {TRENDING_KEY.format(likes="like_count - 1")}
  where id = $1 and exists (select from gone) returning like_count)
select coalesce((select like_count from counted), (select like_count from post))
"""  # noqa: S608 — made of constants
