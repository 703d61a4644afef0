from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres import ranking_order
from adapters.postgres.database import Database, Row
from adapters.postgres.paging import page_statement
from adapters.postgres.ranking_snapshots import PostgresRankingSnapshots, SnapshotQuery, snapshot_token
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import DISCOVERABLE, VISIBLE, is_rankable
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position
from domain.rankings import RankingReader, RankPosition, Window, trending_key

# The snapshot of this very statement. It distinguishes what the statement saw from later changes.
_WITH_SNAPSHOT = "pg_current_snapshot()::text as snapshot"

# posts_most_liked_idx
MOST_LIKED = page_statement(
    lambda rows: post_view(f"""
select posts.*, like_count as key, {_WITH_SNAPSHOT} from posts
where audience = 'public' and {VISIBLE} and {DISCOVERABLE}
order by like_count desc, id desc limit {rows}""")
)

# posts_trending_idx when few posts are recent enough, otherwise posts_most_liked_idx. Likes only increase the trending
# key, so every post in the window has at least the key of a post without likes published at its beginning.
MOST_LIKED_SINCE = page_statement(
    lambda rows: post_view(f"""
select posts.*, like_count as key, {_WITH_SNAPSHOT} from posts
where audience = 'public' and created_at >= $2 and trending_key >= $3 and {VISIBLE} and {DISCOVERABLE}
order by like_count desc, id desc limit {rows}""")
)

# posts_trending_idx. For each post one lookup in posts_author_trending_idx checks that its author has no better one.
# (With coalesce the planner assumes that half of the posts match; with an equality it would assume almost none.)
TRENDING = page_statement(
    lambda rows: post_view(f"""
select posts.*, trending_key as key, {_WITH_SNAPSHOT}, {ranking_order.AUTHOR_HASH} as author from posts
where audience = 'public' and {VISIBLE} and {DISCOVERABLE} and coalesce((
  select best.id = posts.id from posts as best where best.author_id = posts.author_id and {is_rankable("best")}
  order by best.trending_key desc, best.id desc limit 1), false)
order by trending_key desc, id desc limit {rows}""")
)

_ROUNDING = 1e-6
"""More than the difference of a trending key between Python and PostgreSQL, and less than 0.1 s of age."""


class PostgresRankingReader(RankingReader):
    """Reads the first page along its index, and further pages from the snapshot of the first."""

    def __init__(self, database: Database, snapshots: PostgresRankingSnapshots) -> None:
        self._database = database
        self._snapshots = snapshots

    async def most_liked(
        self, viewer: UserId | None, window: Window, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        if page.after is not None:
            return await self._snapshots.page(_most_liked_query(window), viewer, now, page)
        since = window.since(now)
        if since is None:
            return await self._first_page(now, page, MOST_LIKED(page), viewer)
        async with self._database.planning_connection() as connection:
            rows = await connection.fetch(MOST_LIKED_SINCE(page), viewer, since, _min_key(since))
        return _first_page(rows, viewer, now, page)

    async def trending(self, viewer: UserId | None, now: datetime, page: PageRequest) -> Page[RankPosition]:
        if page.after is not None:
            return await self._snapshots.page(_TRENDING_QUERY, viewer, now, page)
        return await self._first_page(now, page, TRENDING(page), viewer)

    async def _first_page(
        self, now: datetime, page: PageRequest, statement: str, viewer: UserId | None
    ) -> Page[RankPosition]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement, viewer)
        return _first_page(rows, viewer, now, page)


def _first_page(rows: list[Row], viewer: UserId | None, now: datetime, page: PageRequest) -> Page[RankPosition]:
    placed = (RankPosition(rank, row.like_count, now, post_view_of(row, viewer)) for rank, row in enumerate(rows, 1))
    items = tuple(placed)[: page.limit]
    if len(rows) == len(items):
        return Page(items)
    last = rows[page.limit - 1]
    authors = [row.author for row in rows[: page.limit] if "author" in row]
    return Page(items, Position(last.id, float(last.key), page.limit, snapshot_token(now, last.snapshot, authors)))


_TRENDING_QUERY = SnapshotQuery("trending", ranking_order.TRENDING, lambda _at, authors: (authors,))


def _most_liked_query(window: Window) -> SnapshotQuery:
    def extra_arguments(at: datetime, _shown: Sequence[int]) -> tuple[Any, ...]:
        since = window.since(at)
        return () if since is None else (since, _min_key(since))

    fill = ranking_order.MOST_LIKED if window is Window.ALL else ranking_order.MOST_LIKED_SINCE
    return SnapshotQuery(f"most-liked/{window}", fill, extra_arguments)


def _min_key(since: datetime) -> float:
    return trending_key(0, since) - _ROUNDING
