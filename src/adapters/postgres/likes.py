from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from adapters.postgres.coalescing import Coalescer
from adapters.postgres.database import Database
from adapters.postgres.notifications import ADD_LIKES, NOTIFY
from adapters.postgres.trending import TRENDING_KEY
from adapters.postgres.visibility import can_view_post
from domain.ids import NotificationId, PostId, UserId
from domain.likes import Likes, LikeState

# A like can be removed even if its user can no longer see the post.
_HAS_LIKED = """coalesce((select true from likes where likes.post_id = asked.post_id and likes.user_id = asked.user_id),
      false)"""

# Rows and counts in one statement, one round trip and one commit, for all concurrent likes. The posts are locked first,
# in the order of their ids: a count read under its lock is current, and likes of one post wait here rather than on the
# index of likes. Removed likes are remembered for a while, for ranking snapshots. The notifications of the authors are
# part of the statement.
# The counter changes as in `domain.counters.count_like`.
# posts_pkey, users_pkey, likes_pkey
_APPLY = f"""
with asked as materialized ({{asked}}),
 post as materialized (
  select id, like_count from posts where id in (select post_id from asked) order by id for no key update),
 allowed as materialized (
  select asked.* from asked join post on post.id = asked.post_id join posts on posts.id = asked.post_id
  where ({can_view_post("asked.user_id")} or (asked.liked_at is null and {_HAS_LIKED}))
    and exists (select from users where users.id = asked.user_id)),
 new as (
  insert into likes (post_id, user_id, created_at)
  select post_id, user_id, liked_at from allowed where liked_at is not null order by post_id, user_id
  on conflict do nothing returning post_id, user_id),
 liked as (select allowed.* from new join allowed using (post_id, user_id)),
 notified as ({ADD_LIKES}),
 gone as (
  delete from likes using allowed
  where allowed.liked_at is null and likes.post_id = allowed.post_id and likes.user_id = allowed.user_id
  returning likes.post_id, likes.xid, likes.created_at as liked_at),
 remembered as (insert into unlikes (post_id, liked_xid, liked_at) select post_id, xid, liked_at from gone),
 moved as (
  select post_id, sum(change)::int as change
  from (select post_id, 1 as change from new union all select post_id, -1 from gone) as changes group by post_id),
 counted as (
  update posts set like_count = like_count + change, trending_key = {TRENDING_KEY.format(likes="like_count + change")}
  from moved where posts.id = moved.post_id returning posts.id, like_count)
select position, coalesce(counted.like_count, post.like_count) as like_count, (select count(*) from ({NOTIFY}) as sent)
from allowed join post on post.id = allowed.post_id left join counted on counted.id = allowed.post_id
"""
_APPLY_MANY = _APPLY.format(
    asked="""
  select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::uuid[])
    with ordinality as asked (post_id, user_id, liked_at, notice, position)"""
)
# PostgreSQL keeps the plan of this one. It plans arrays at each call, which takes longer than a like.
_APPLY_ONE = _APPLY.format(
    asked="""
  select $1::uuid as post_id, $2::uuid as user_id, $3::timestamptz as liked_at, $4::uuid as notice, 1 as position"""
)


@dataclass(frozen=True, slots=True)
class _LikeRequest:
    post_id: PostId
    user_id: UserId
    liked_at: datetime | None
    """None removes the like."""
    notification_id: NotificationId | None = None


class PostgresLikes(Likes):
    """Concurrent likes share a transaction. A popular post is one row that a single transaction at a time can change;
    with a commit for each like it would be five times slower than many unpopular ones."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._coalescer = Coalescer(self._execute_batch, key=lambda request: (request.post_id, request.user_id))

    async def add(self, post_id: PostId, user_id: UserId, now: datetime, notice: NotificationId) -> LikeState | None:
        return await self._coalescer.submit(_LikeRequest(post_id, user_id, now, notice))

    async def remove(self, post_id: PostId, user_id: UserId) -> LikeState | None:
        return await self._coalescer.submit(_LikeRequest(post_id, user_id, None))

    async def _execute_batch(self, requests: Sequence[_LikeRequest]) -> list[LikeState | None]:
        try:
            return await self._execute(requests)
        except asyncpg.ForeignKeyViolationError:  # a user or post was deleted between the check and the insert
            if len(requests) == 1:
                return [None]
            return [(await self._execute_batch([request]))[0] for request in requests]

    async def _execute(self, requests: Sequence[_LikeRequest]) -> list[LikeState | None]:
        values = [(request.post_id, request.user_id, request.liked_at, request.notification_id) for request in requests]
        async with self._database.connection() as connection:
            if len(values) == 1:
                rows = await connection.fetch(_APPLY_ONE, *values[0])
            else:
                rows = await connection.fetch(_APPLY_MANY, *zip(*values, strict=True))
        counts = {row["position"]: row["like_count"] for row in rows}
        return [
            LikeState(counts[n], request.liked_at is not None) if n in counts else None
            for n, request in enumerate(requests, 1)
        ]
