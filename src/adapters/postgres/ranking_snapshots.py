"""Snapshots of rankings, for consistent pagination while likes change.

The first page costs nothing extra: its cursor contains PostgreSQL's own snapshot. Further pages read the order at that
snapshot, which is computed and stored in parts, each at the first request that needs it.
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

from adapters.postgres import ranking_order
from adapters.postgres.concurrency import StatementLimit
from adapters.postgres.database import Database, Row
from adapters.postgres.paging import LOWEST_ID
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import DISCOVERABLE, VISIBLE
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position, bad_cursor_error
from domain.rankings import SNAPSHOT_LIFETIME, RankingSnapshots, RankPosition, cursor_expired_error

MAX_CONCURRENT = 2
"""The number of parts that a process computes at the same time."""
SLOT_SECONDS = 2.0
"""Seconds that a computation waits for its slot."""
PARTS, MIN_PART = 100, 5
"""The number of parts of the longest order, and the least number of posts in a part. Computing a part takes a few
milliseconds."""

# Scans the rows of the table, at most `PARTS` for each snapshot; their arrays are not read.
_TRIM = """
delete from ranking_parts
where id in (
  select id from ranking_parts where id <> $1 group by id order by max(moment) desc, id offset greatest(0, $2::int - 1))
"""

# ranking_parts_pkey. A forged place may be before the first part.
FIND = f"""
select {ranking_order.PART_COLUMNS} from ranking_parts
where id = $1 and ranking = $2 and start <= greatest($3, (select min(start) from ranking_parts where id = $1))
order by start desc limit 1"""

# ranking_parts_pkey, posts_pkey
PAGE = post_view(f"""
select posts.*, -listed.position as key, part.start + $4 + listed.position as position, listed.likes as likes_then
from ranking_parts as part
cross join lateral unnest(part.posts[$4 + 1 : $4 + $5], part.likes[$4 + 1 : $4 + $5])
  with ordinality as listed (id, likes, position)
join posts on posts.id = listed.id
where part.id = $2 and part.start = $3 and posts.audience = 'public' and {VISIBLE} and {DISCOVERABLE}""")

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
    extra_arguments: Callable[[datetime, Sequence[int]], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stored part of an order, from place `start` on. The next one is below (`key`, `last_id`)."""

    start: int
    moment: datetime
    snapshot: str
    size: int
    key: float | None
    last_id: UUID | None
    is_last: bool

    @property
    def end(self) -> int:
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class _Beginning:
    """Where a part begins: at place `start`, below (`key`, `below_id`). The first part `opens` the order after a first
    page with the authors `shown`."""

    moment: datetime
    snapshot: str
    start: int
    key: float
    below_id: UUID
    opens: bool = False
    shown: Sequence[int] = ()


class PostgresRankingSnapshots(RankingSnapshots):
    def __init__(self, database: Database, max_depth: int, max_snapshots: int) -> None:
        self._database = database
        self._max_depth = max_depth
        self._part_size = max(MIN_PART, max_depth // PARTS)
        self._max_snapshots = max_snapshots
        self._limit = StatementLimit("computations of ranking snapshots", MAX_CONCURRENT, SLOT_SECONDS)

    async def page(
        self, query: SnapshotQuery, viewer: UserId | None, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        """Return the visible posts after a position. Raises `CursorExpired`, `BadCursor`."""
        after = page.after or Position(LOWEST_ID)
        if after.snapshot_token:
            key, place = _key(query, after), min(after.rank, self._max_depth)
            part = await self._find(query, key, place) or await self._compute(query, key, _beginning(after, place, now))
        else:
            key, place = after.id, _place(after)
            part = await self._find(query, key, place)
        rows: list[Row] = []
        while True:
            if part is None or part.moment < now - SNAPSHOT_LIFETIME:
                raise cursor_expired_error()
            rows += await self._fetch_rows(viewer, key, part, place, page.limit + 1 - len(rows))
            if len(rows) > page.limit or part.is_last:
                return _page_of(rows, viewer, page, key, part.moment)
            place = part.end
            part = await self._next_part(query, key, part)

    async def _next_part(self, query: SnapshotQuery, key: UUID, part: _Part) -> _Part | None:
        found = await self._find(query, key, part.end)
        if found is None or found.start == part.end:
            return found
        if part.key is None or part.last_id is None:
            return None
        return await self._compute(query, key, _Beginning(part.moment, part.snapshot, part.end, part.key, part.last_id))

    async def _find(self, query: SnapshotQuery, key: UUID, place: int) -> _Part | None:
        """Return the part with this place, or the last one stored before it."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(FIND, key, query.name, place)
        return _Part(**row) if row else None

    async def _compute(self, query: SnapshotQuery, key: UUID, beginning: _Beginning) -> _Part | None:
        """Store a part of the order, unless another request has just done so."""
        at, below = beginning.moment, beginning.key
        if query.statement != ranking_order.TRENDING:
            below = int(min(max(below, -1.0), _MAX_INT))
        size = min(self._part_size, self._max_depth - beginning.start)
        reaches_depth = beginning.start + size >= self._max_depth
        order = (key, at, beginning.snapshot, beginning.start, below, beginning.below_id, size, query.name)
        async with self._limit.slot(), self._database.planning_connection() as connection:
            try:
                row = await connection.fetchrow(
                    query.statement, *order, reaches_depth, *query.extra_arguments(at, beginning.shown)
                )
            except asyncpg.DataError:  # a forged snapshot
                raise bad_cursor_error() from None
            if beginning.opens:
                await connection.execute(_TRIM, key, self._max_snapshots)
        return _Part(**row) if row else await self._find(query, key, beginning.start)

    async def _fetch_rows(self, viewer: UserId | None, key: UUID, part: _Part, place: int, wanted: int) -> list[Row]:
        """Return up to `wanted` rows of a part from a place on. Read further where posts are gone."""
        rows: list[Row] = []
        places = range(max(0, place - part.start), part.size)
        async with self._database.connection() as connection:
            while places and (missing := wanted - len(rows)):
                rows += await connection.fetch(PAGE, viewer, key, part.start, places.start, missing)
                places = places[missing:]
        return rows

    async def delete_expired(self, before: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute("delete from ranking_parts where moment < $1", before)
            await connection.execute(
                "delete from unlikes where unliked_at < $1", before - ranking_order.MAX_COMMIT_DELAY
            )


def _beginning(after: Position, place: int, now: datetime) -> _Beginning:
    """Return where the order continues after a first page. Its cursor can be forged."""
    found = _TOKEN.fullmatch(after.snapshot_token)
    if found is None:
        raise bad_cursor_error()
    then = _UNIX_EPOCH + int(found["microseconds"]) * _MICROSECOND
    if not now - SNAPSHOT_LIFETIME <= then <= now:
        raise cursor_expired_error()
    return _Beginning(then, found["snapshot"], place, after.key, after.id, True, _decode_authors(found["shown"]))


def _key(query: SnapshotQuery, after: Position) -> UUID:
    """Return a key that is equal for all who continue from the same position."""
    named = f"{query.name} {after.snapshot_token} {after.key} {after.id} {after.rank}"
    return UUID(bytes=hashlib.blake2s(named.encode(), digest_size=16).digest())


def _place(after: Position) -> int:
    """Return how many posts of the order were passed. Cursors can be forged, so the number is checked."""
    return int(max(0.0, min(after.key, _MAX_INT)))


def _page_of(
    rows: list[Row], viewer: UserId | None, page: PageRequest, key: UUID, moment: datetime
) -> Page[RankPosition]:
    rank = page.after.rank if page.after else 0
    items = tuple(
        RankPosition(number, row.likes_then, moment, post_view_of(row, viewer))
        for number, row in enumerate(rows[: page.limit], rank + 1)
    )
    if len(rows) == len(items):
        return Page(items)
    return Page(items, Position(key, float(rows[page.limit - 1].position), items[-1].rank))
