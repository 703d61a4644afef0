from datetime import datetime
from typing import Any

from adapters.postgres.database import Database
from adapters.postgres.paging import below_count, below_key, limited, ranked
from adapters.postgres.views import Row, post_view, post_view_of
from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.ranking import Rankings, trending_key

# posts_most_liked_idx
MOST_LIKED = post_view("""
select posts.*, like_count as key from posts
where visibility = 'public' and (like_count, id) < ($2, $3)
order by like_count desc, id desc limit LIMIT""")

# posts_trending_idx when few posts are as young, else posts_most_liked_idx. Likes only add to the trending key, so that
# who is young enough has at least the key of a post without likes published when the window opens.
MOST_LIKED_SINCE = post_view("""
select posts.*, like_count as key from posts
where visibility = 'public' and (like_count, id) < ($2, $3) and created_at >= $4 and trending_key >= $5
order by like_count desc, id desc limit $6""")

# posts_trending_idx
TRENDING = post_view("""
select posts.*, trending_key as key from posts
where visibility = 'public' and (trending_key, id) < ($2, $3)
order by trending_key desc, id desc limit LIMIT""")

_ROUNDING = 1e-6
"""More than a trending key can differ between Python and PostgreSQL, and less than a tenth of a second of age."""


class PostgresRankings(Rankings):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def most_liked(self, viewer: UserId | None, since: datetime | None, page: PageRequest) -> Page[PostView]:
        if since is None:
            return await self._page(page, limited(MOST_LIKED, page), viewer, *below_count(page))
        # Its LIMIT is a parameter, so that each window gets a plan of its own.
        least = trending_key(0, since) - _ROUNDING
        return await self._page(page, MOST_LIKED_SINCE, viewer, *below_count(page), since, least, page.limit + 1)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        return await self._page(page, limited(TRENDING, page), viewer, *below_key(page))

    async def _page(self, page: PageRequest, statement: str, *arguments: Any) -> Page[PostView]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(statement, *arguments, record_class=Row)
        return ranked(rows, page, post_view_of)
