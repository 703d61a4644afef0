"""Snapshots of rankings, for consistent pagination while likes change.

The first page costs nothing extra: its cursor contains PostgreSQL's own snapshot. A request for the second page
computes the order at that snapshot once: the current counts, without the likes that the snapshot did not see, and with
those that it saw and that were removed since. Posts and likes store the number of the transaction that created them. A
removed like is remembered with its number for as long as such a cursor can exist.
"""

import hashlib
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres.concurrency import StatementLimit
from adapters.postgres.database import Connection, Database, Row
from adapters.postgres.paging import LOWEST_ID
from adapters.postgres.trending import TRENDING_KEY
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import UNMUTED, VISIBLE
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position, bad_cursor_error
from domain.rankings import SNAPSHOT_LIFETIME, RankingSnapshots, RankPosition, cursor_expired_error

MAX_CONCURRENT = 2
"""The number of snapshots that a process computes at the same time."""
SLOT_SECONDS = 2.0
"""Seconds that a computation waits for its slot."""
_MAX_COMMIT_DELAY = timedelta(minutes=1)
"""More than the delay between the time in a row and its commit."""
_RECENT = f"$2::timestamptz - interval '{_MAX_COMMIT_DELAY.total_seconds()} seconds'"


def _was_seen(row: str, time_column: str) -> str:
    """Whether the snapshot saw a row. Old rows were seen; in a restored dump their transaction numbers mean nothing."""
    return f"({row}.{time_column} < {_RECENT} or pg_visible_in_snapshot({row}.xid, $3::text::pg_snapshot))"


# likes_created_at_idx
_CHANGED_LIKES = f"""
with moved as materialized (
  select post_id, sum(change)::int as change
  from (
    select post_id, -1 as change from likes
    where created_at >= {_RECENT} and not pg_visible_in_snapshot(xid, $3::text::pg_snapshot)
    union all
    select post_id, 1 from (select post_id, liked_xid as xid, liked_at, xid as gone_xid from unlikes) as unlikes
    where {_was_seen("unlikes", "liked_at")} and not pg_visible_in_snapshot(gone_xid, $3::text::pg_snapshot)) as changes
  group by post_id)"""

_ELIGIBLE = f"posts.audience = 'public' and {_was_seen('posts', 'created_at')}"


def _insert_query(withs: str, pool: str, *order: str) -> str:
    """Return SQL that stores the best of `pool` (id, likes, and the columns of `order`) below ($5, $6), for a snapshot
    of at most $7 posts, $4 of which were returned before."""
    down = ", ".join(f"{column} desc" for column in order)
    return f"""{withs}
insert into ranking_epochs (id, moment, posts, likes)
select $1, $2, coalesce(array_agg(id order by {down}), '{{}}'), coalesce(array_agg(likes order by {down}), '{{}}')
from (select * from ({pool}) as pool order by {down} limit greatest(0, $7::int - $4::int)) as best
on conflict (id) do nothing"""


def _most_liked_query(still_within: str = "", within: str = "") -> str:
    # posts_most_liked_idx (of windows as in rankings.py), and posts_pkey for changed posts
    return _insert_query(
        _CHANGED_LIKES,
        f"""
  (select id, like_count as likes from posts
   where {_ELIGIBLE} {still_within} and (like_count, id) < ($5::int, $6::uuid) and id not in (select post_id from moved)
   order by like_count desc, id desc limit $7::int)
  union all
  select id, like_count + change from moved join posts on posts.id = post_id
  where {_ELIGIBLE} {within} and (like_count + change, id) < ($5::int, $6::uuid)""",
        "likes",
        "id",
    )


MOST_LIKED = _most_liked_query()
MOST_LIKED_SINCE = _most_liked_query("and created_at >= $8 and trending_key >= $9", "and created_at >= $8")

AUTHOR_HASH = "uuid_hash_extended(author_id, 0)"
"""A hash of 8 bytes by which a cursor identifies the authors on its page."""
_AUTHOR_NOT_SHOWN = f"{AUTHOR_HASH} <> all($8::bigint[])"
_BEST = "order by best.trending_key desc, best.id desc limit 1"
# posts_trending_idx and posts_author_trending_idx; posts_pkey for changed posts. For authors without changed posts the
# best post is the current one. For the others it is among the changed posts, as they were, and the best unchanged one.
# Authors on the first page are left out, even if their post was deleted since.
TRENDING = _insert_query(
    f"""{_CHANGED_LIKES},
 touched as materialized (select distinct author_id from moved join posts on posts.id = post_id)""",
    f"""
  (select id, like_count as likes, trending_key as key from posts
   where {_ELIGIBLE} and (trending_key, id) < ($5::float8, $6::uuid) and {_AUTHOR_NOT_SHOWN}
     and author_id not in (select author_id from touched)
     and coalesce((select best.id = posts.id from posts as best where best.author_id = posts.author_id
                     and best.audience = 'public' and {_was_seen("best", "created_at")} {_BEST}), false)
   order by trending_key desc, id desc limit $7::int)
  union all
  select id, likes, key
  from (
    select distinct on (author_id) author_id, id, likes, key
    from (
      select author_id, id, like_count + change as likes, {TRENDING_KEY.format(likes="like_count + change")} as key
      from moved join posts on posts.id = post_id where {_ELIGIBLE}
      union all
      select author_id, still.* from touched cross join lateral (
        select best.id, best.like_count, best.trending_key from posts as best
        where best.author_id = touched.author_id and best.audience = 'public' and {_was_seen("best", "created_at")}
          and best.id not in (select post_id from moved) {_BEST}) as still) as theirs
    order by author_id, key desc, id desc) as best
  where (key, id) < ($5::float8, $6::uuid) and {_AUTHOR_NOT_SHOWN}""",
    "key",
    "id",
)

# Scans the few rows of the table; their arrays are not read.
_TRIM = """
delete from ranking_epochs
where id in (select id from ranking_epochs where id <> $1 order by moment desc, id offset greatest(0, $2::int - 1))"""

# ranking_epochs_pkey
FIND = "select moment, cardinality(posts) as size from ranking_epochs where id = $1"

# ranking_epochs_pkey, posts_pkey
PAGE = post_view(f"""
select posts.*, -listed.position as key, $3 + listed.position as position, listed.likes as likes_then
from ranking_epochs as epoch
cross join lateral unnest(epoch.posts[$3 + 1 : $3 + $4], epoch.likes[$3 + 1 : $3 + $4])
  with ordinality as listed (id, likes, position)
join posts on posts.id = listed.id
where epoch.id = $2 and posts.audience = 'public' and {VISIBLE} and {UNMUTED}""")

_TOKEN = re.compile(
    r"(?P<microseconds>[0-9]{1,17}) (?P<snapshot>[0-9]{1,19}:[0-9]{1,19}:[0-9,]{0,4000}) "
    r"(?P<shown>[A-Za-z0-9_-]{0,1100})"
)
_UNIX_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MAX_INT = 2**31 - 1


def snapshot_token(now: datetime, snapshot: str, authors: Sequence[int] = ()) -> str:
    """Return the token of a cursor: the time, the committed transactions, and the authors on the first page."""
    shown = urlsafe_b64encode(struct.pack(f"!{len(authors)}q", *authors)).decode().rstrip("=")
    return f"{(now - _UNIX_EPOCH) // _MICROSECOND} {snapshot} {shown}"


def _decode_authors(text: str) -> list[int]:
    try:
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        return list(struct.unpack(f"!{len(packed) // 8}q", packed))
    except (ValueError, struct.error):
        raise bad_cursor_error() from None


@dataclass(frozen=True, slots=True)
class SnapshotQuery:
    """The query of a snapshot's order. `extra_arguments` computes parameters from its time and the authors shown."""

    name: str
    statement: str
    extra_arguments: Callable[[datetime, list[int]], tuple[Any, ...]]


class PostgresRankingSnapshots(RankingSnapshots):
    def __init__(self, database: Database, max_depth: int, max_snapshots: int) -> None:
        self._database = database
        self._max_depth = max_depth
        self._max_snapshots = max_snapshots
        self._limit = StatementLimit("computations of ranking snapshots", MAX_CONCURRENT, SLOT_SECONDS)

    async def page(
        self, query: SnapshotQuery, viewer: UserId | None, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        """Return the visible posts after a position. Raises `CursorExpired`, `BadCursor`."""
        after = page.after or Position(LOWEST_ID)
        key, offset = (_key(query, after), 0) if after.snapshot_token else (after.id, _offset(after))
        if after.snapshot_token and not await self._exists(key):
            async with self._limit.slot():
                await self._compute(query, key, now, after)
        async with self._database.connection() as connection:
            snapshot = await connection.fetchrow(FIND, key)
            if snapshot is None or snapshot.moment < now - SNAPSHOT_LIFETIME:
                raise cursor_expired_error()
            rows = await _fetch_page(connection, viewer, key, range(offset, snapshot.size), page.limit + 1)
        shown = enumerate(rows[: page.limit], after.rank + 1)
        items = tuple(
            RankPosition(rank, row.likes_then, snapshot.moment, post_view_of(row, viewer)) for rank, row in shown
        )
        if len(rows) == len(items):
            return Page(items)
        return Page(items, Position(key, float(rows[page.limit - 1].position), items[-1].rank))

    async def _exists(self, key: UUID) -> bool:
        async with self._database.connection() as connection:
            return await connection.fetchrow(FIND, key) is not None

    async def _compute(self, query: SnapshotQuery, key: UUID, now: datetime, after: Position) -> None:
        found = _TOKEN.fullmatch(after.snapshot_token)
        if found is None:
            raise bad_cursor_error()
        then = _UNIX_EPOCH + int(found["microseconds"]) * _MICROSECOND
        if not now - SNAPSHOT_LIFETIME <= then <= now:
            raise cursor_expired_error()
        above = min(max(after.key, -1.0), _MAX_INT) if query.statement != TRENDING else after.key
        before = min(after.rank, self._max_depth)
        further = query.extra_arguments(then, _decode_authors(found["shown"]))
        arguments = (key, then, found["snapshot"], before, above, after.id, self._max_depth, *further)
        async with self._database.connection() as connection:
            try:
                await connection.execute(query.statement, *arguments)
            except asyncpg.DataError:  # a forged snapshot
                raise bad_cursor_error() from None
            await connection.execute(_TRIM, key, self._max_snapshots)

    async def delete_expired(self, before: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute("delete from ranking_epochs where moment < $1", before)
            await connection.execute("delete from unlikes where unliked_at < $1", before - _MAX_COMMIT_DELAY)


def _key(query: SnapshotQuery, after: Position) -> UUID:
    """Return a key that is equal for all who continue from the same position."""
    named = f"{query.name} {after.snapshot_token} {after.key} {after.id} {after.rank}"
    return UUID(bytes=hashlib.blake2s(named.encode(), digest_size=16).digest())


def _offset(after: Position) -> int:
    """Return how many posts of the order were passed. Cursors can be forged, so the number is checked."""
    return int(max(0.0, min(after.key, _MAX_INT)))


async def _fetch_page(
    connection: Connection, viewer: UserId | None, key: UUID, places: range, wanted: int
) -> list[Row]:
    """Return up to `wanted` rows. Read further where posts are gone."""
    rows: list[Row] = []
    while places and (missing := wanted - len(rows)):
        rows += await connection.fetch(PAGE, viewer, key, places.start, missing)
        places = places[missing:]
    return rows
