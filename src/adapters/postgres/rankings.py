from datetime import UTC, datetime

from adapters.postgres.database import Database
from adapters.postgres.paging import below_count, below_key, ranked
from adapters.postgres.views import Row, post_view, post_view_of
from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.ranking import Rankings

# posts_most_liked_idx
MOST_LIKED = post_view("""
select posts.*, like_count as key from posts
where visibility = 'public' and created_at >= $2 and (like_count, id) < ($3, $4)
order by like_count desc, id desc limit $5""")

# posts_trending_idx
TRENDING = post_view("""
select posts.*, trending_key as key from posts
where visibility = 'public' and (trending_key, id) < ($2, $3)
order by trending_key desc, id desc limit $4""")

ALWAYS = datetime(1, 1, 1, tzinfo=UTC)


class PostgresRankings(Rankings):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def most_liked(self, viewer: UserId | None, since: datetime | None, page: PageRequest) -> Page[PostView]:
        limits = (since or ALWAYS, *below_count(page), page.limit + 1)
        async with self._database.reading() as connection:
            rows = await connection.fetch(MOST_LIKED, viewer, *limits, record_class=Row)
        return ranked(rows, page, post_view_of)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(TRENDING, viewer, *below_key(page), page.limit + 1, record_class=Row)
        return ranked(rows, page, post_view_of)
