from collections.abc import Sequence
from datetime import datetime

from adapters.postgres.database import Database, Row
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.views import post_view, post_view_of
from adapters.postgres.visibility import DISCOVERABLE, VISIBLE, not_in_effect
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.rankings import trending_key
from domain.search import TagSource
from domain.tags import MAX_COUNTED, REFERENCE_PERIOD, TODAY, TaggedPost, TagReader, TagUse

_ROUNDING = 1e-6
_LISTED = f"audience = 'public' and {not_in_effect('limited_until')}"
"""Whether the tags of a row of posts are counted."""

# post_tags_pkey, then posts_pkey
POSTS = page_statement(
    lambda rows: post_view(f"""
select posts.*, 0 as key, by_human, by_model from post_tags join posts on posts.id = post_tags.post_id
where tag = $2 and post_tags.post_id < $3 and {VISIBLE} and {DISCOVERABLE}
order by post_tags.post_id desc limit {rows}""")
)

# posts_trending_idx, as for most-liked in a window: every recent post has at least the key of a post without likes;
# then post_tags_post_id_idx
RECENT_USES = f"""
select tag, count(distinct author_id) filter (where created_at >= $1) as today,
  count(distinct author_id) filter (where created_at < $1) as before,
  bool_or(by_human and created_at >= $1) as by_human, bool_or(by_model and created_at >= $1) as by_model
from posts join post_tags on post_tags.post_id = posts.id
where {_LISTED} and created_at >= $2 and trending_key >= $3
group by tag having bool_or(created_at >= $1)"""

# post_tags_pkey, posts_pkey
COUNTS = f"""
select (select count(*) from (
  select from post_tags join posts on posts.id = post_tags.post_id
  where post_tags.tag = asked.tag and {_LISTED} limit {MAX_COUNTED}) as counted)
from unnest($1::text[]) with ordinality as asked (tag, position) order by position"""

# post_tags_pkey, posts_pkey
SPELLINGS = f"""
select coalesce((select typed from (
  select typed, post_id from post_tags join posts on posts.id = post_tags.post_id
  where post_tags.tag = asked.tag and {_LISTED} order by post_id limit {MAX_COUNTED}) as oldest
  where typed is not null group by typed order by count(*) desc, min(post_id::text) limit 1), tag)
from unnest($1::text[]) with ordinality as asked (tag, position) order by position"""


class PostgresTagReader(TagReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(POSTS(page), viewer, tag, below_id(page))
        return make_page(rows, page, lambda row: TaggedPost(post_view_of(row, viewer), _sources_of(row)))

    async def recent_uses(self, now: datetime) -> Sequence[TagUse]:
        since = now - TODAY - REFERENCE_PERIOD
        async with self._database.connection() as connection:
            least = trending_key(0, since) - _ROUNDING
            rows = await connection.fetch(RECENT_USES, now - TODAY, since, least)
        return [TagUse(row.tag, row.today, row.before, _sources_of(row)) for row in rows]

    async def counts(self, tags: Sequence[str]) -> Sequence[int]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(COUNTS, list(tags))
        return [row[0] for row in rows]

    async def spellings(self, tags: Sequence[str]) -> Sequence[str]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(SPELLINGS, list(tags))
        return [row[0] for row in rows]


def _sources_of(row: Row) -> frozenset[TagSource]:
    said = ((TagSource.HUMAN, row.by_human), (TagSource.MODEL, row.by_model))
    return frozenset(by for by, said_so in said if said_so)
