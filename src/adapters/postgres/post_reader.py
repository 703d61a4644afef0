from collections.abc import Sequence
from typing import Any

from adapters.postgres.coalescing import Coalescer
from adapters.postgres.database import Database
from adapters.postgres.paging import PagedStatement, below_id, below_time, make_page, page_statement
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import DISCOVERABLE, FOLLOWS, UNMUTED, VISIBLE, can_view_post, not_in_effect
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.post_views import PostReader, PostView

# posts_pkey. Each pair of a viewer and a post of concurrent requests.
BY_IDS = post_view(
    f"""
select posts.*, -asked.position as key, asked.position, asked.viewer
from unnest($1::uuid[], $2::uuid[]) with ordinality as asked (viewer, post_id, position)
join posts on posts.id = asked.post_id
where {can_view_post("asked.viewer")}""",
    viewer="p.viewer",
)

# posts_public_id_idx
NEWEST = page_statement(
    lambda rows: post_view(f"""
select posts.*, 0 as key from posts
where audience = 'public' and id < $2 and {VISIBLE} and {DISCOVERABLE}
order by id desc limit {rows}""")
)

# posts_author_id_id_idx
OF_AUTHOR = page_statement(
    lambda rows: post_view(f"""
select posts.*, 0 as key from posts
where author_id = $2 and {VISIBLE} and id < $3
order by id desc limit {rows}""")
)

# likes_of_user_idx, then posts_pkey
LIKED_BY = page_statement(
    lambda rows: post_view(f"""
select posts.*, likes.created_at as key from likes join posts on posts.id = likes.post_id
where likes.user_id = $2 and {VISIBLE} and (likes.created_at, likes.post_id) < ($3, $4)
order by likes.created_at desc, likes.post_id desc limit {rows}""")
)

_NOT_HIDDEN = not_in_effect("hidden_until")

NEWEST_POSTS, RECENT_POSTS = 300, 3_000
"""The numbers of newest posts of all authors in which the home feed searches first: by one lookup of the follow for
each post, and by a hash of all followees. They take up to half a millisecond, and some milliseconds."""

_FOLLOWED = f"(author_id = $1 or ({FOLLOWS.format(one='$1', other='author_id')} and {UNMUTED}))"

# posts_pkey, follows_pkey, follows_following_idx, then posts_author_id_id_idx. With many followees, the newest posts of
# all authors contain a full page. Otherwise: a page of n posts can only contain the n authors with the newest posts.
# One index lookup for each author finds them, and only their posts are read further. A step runs only if the steps
# before it found too few posts. No other check is needed for followees, because a block ends the follow.
HOME = page_statement(
    lambda rows: post_view(f"""
with newest as materialized (
  select id from (select * from posts where id < $2 order by id desc limit {NEWEST_POSTS}) as posts
  where {_FOLLOWED} and {_NOT_HIDDEN} order by id desc limit {rows}),
 author_ids as materialized (
  select $1::uuid as id union all
  select followee_id from follows
  where follower_id = $1 and followee_id not in (select muted_id from mutes where muter_id = $1)),
 recent as materialized (
  select id
  from (select id, author_id, hidden_until from posts where id < $2 order by id desc limit {RECENT_POSTS}) as newest
  where author_id in (select id from author_ids) and {_NOT_HIDDEN} order by id desc limit {rows}),
 found as materialized (
  select id from newest where (select count(*) from newest) >= {rows}
  union all
  select id from recent where (select count(*) from newest) < {rows} and (select count(*) from recent) >= {rows}),
 authors as (
  select author_ids.id
  from author_ids
  cross join lateral (
    select id from posts where author_id = author_ids.id and id < $2 and {_NOT_HIDDEN}
    order by id desc limit 1) as newest
  where not exists (select from found)
  order by newest.id desc limit {rows})
select posts.*, 0 as key from posts where id in (select id from found)
union all
select posts.*, 0 as key
from authors
cross join lateral (
  select * from posts where author_id = authors.id and id < $2 and {_NOT_HIDDEN} order by id desc limit {rows}) as posts
order by id desc limit {rows}""")
)


class PostgresPostReader(PostReader):
    """Reads the posts of concurrent requests in one statement, which begins after each of them arrived."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._posts = Coalescer(self._fetch_posts)

    async def by_id(self, post_id: PostId, viewer: UserId | None) -> PostView | None:
        return await self._posts.submit((viewer, post_id))

    async def _fetch_posts(self, asked: Sequence[tuple[UserId | None, PostId]]) -> Sequence[PostView | None]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(BY_IDS, *zip(*asked, strict=True))
        views = {row.position: post_view_of(row, row.viewer) for row in rows}
        return [views.get(position) for position in range(1, len(asked) + 1)]

    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        return await self._page(page, NEWEST, viewer, below_id(page))

    async def of_author(self, author: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        return await self._page(page, OF_AUTHOR, viewer, author, below_id(page))

    async def liked_by(self, user: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        return await self._page(page, LIKED_BY, viewer, user, *below_time(page))

    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        return await self._page(page, HOME, viewer, below_id(page))

    async def _page(
        self, page: PageRequest, statement: PagedStatement, viewer: UserId | None, *arguments: Any
    ) -> Page[PostView]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement(page), viewer, *arguments)
        return make_page(rows, page, lambda row: post_view_of(row, viewer))
