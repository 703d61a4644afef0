from collections.abc import Sequence
from functools import partial
from uuid import UUID

import asyncpg

from adapters.postgres.concurrency import RETRY_AFTER, StatementLimit
from adapters.postgres.database import Database
from adapters.postgres.paging import HIGHEST_ID, LOWEST_ID, make_page, page_statement
from adapters.postgres.views import post_view, post_view_of, profile_of, profile_view
from adapters.postgres.visibility import UNMUTED, VISIBLE, not_blocked
from domain.errors import Unavailable
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile
from domain.search import (
    FIELD_WEIGHTS,
    INDEX_VERSION,
    MAX_CANDIDATES,
    MAX_SEARCHED_POSTS,
    Field,
    SearchHit,
    SearchReader,
)
from domain.words import strip_optional_marks

MAX_CONCURRENT = 4
"""The number of concurrent searches by words; a process has ten connections for readers."""
_MAX_SCORE = 1e9
_LOOSE = FIELD_WEIGHTS[Field.LOOSE]
_FIELDS = [(label, weight) for label, weight in FIELD_WEIGHTS.items() if label is not Field.LOOSE]
_SCORE = " ".join(f"when words @@ ('''' || asked || ''':{label}')::tsquery then {weight}" for label, weight in _FIELDS)


def _search_query(newest: int, rows: int) -> str:
    """Return SQL for the best of the `newest` posts with all words."""
    # search_documents_words_idx for rare words, search_documents_pkey backwards for common ones; then posts_pkey
    return post_view(f"""
with candidates as materialized (
  select post_id, words
  from search_documents join posts on posts.id = post_id
  where words @@ $2::text::tsquery and {VISIBLE} and {UNMUTED}
  order by post_id desc limit {newest}),
 scored as materialized (
  select post_id, (select sum(case {_SCORE} else {_LOOSE} end)::float8 from unnest($3::text[]) as asked) as score
  from candidates),
 best as materialized (
  select post_id, score from scored where (score, post_id) < ($4::float8, $5::uuid)
  order by score desc, post_id desc limit {rows})
select posts.*, best.score as key from best join posts on posts.id = best.post_id""")


# posts_pkey, search_documents_pkey
UNINDEXED_POSTS = """
select id from posts
where id > $1 and not exists (select from search_documents where post_id = posts.id and version = $3)
order by id limit $2"""

# users_pkey
UNINDEXED_PEOPLE = "select id from users where id > $1 and name_version <> $3 order by id limit $2"

# users_username_idx, users_folded_name_idx
PEOPLE = profile_view(f"""
select users.*, (username = $2)::int::float8 * 1e12 + followers_count as key
from users
where id in (
    (select id from users where username like $3 order by username using ~<~ limit {MAX_CANDIDATES})
    union (select id from users where folded_name like $3 order by folded_name using ~<~ limit {MAX_CANDIDATES}))
  and {not_blocked("$1", "users.id")}
order by key desc, username limit $4""").replace("order by p.key desc, p.id desc", "order by p.key desc, p.username")


class PostgresSearchReader(SearchReader):
    """Finds the best of the `newest` posts with the words, within `milliseconds`."""

    def __init__(self, database: Database, newest: int = MAX_SEARCHED_POSTS, milliseconds: int = 2_000) -> None:
        self._database = database
        self._statement = page_statement(partial(_search_query, newest))
        self._milliseconds = milliseconds
        self._limit = StatementLimit("searches", MAX_CONCURRENT, milliseconds / 1000)

    async def posts(self, query: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        below = (page.after.key, page.after.id) if page.after else (_MAX_SCORE, HIGHEST_ID)
        wanted = " & ".join(f"('{word}' | '{strip_optional_marks(word)}')" for word in query)
        async with self._limit.slot(), self._database.connection(self._milliseconds) as connection:
            try:
                rows = await connection.fetch(self._statement(page), viewer, wanted, list(query), *below)
            except asyncpg.QueryCanceledError:
                detail = (
                    f"the search took longer than {self._milliseconds / 1000:g} s; use rarer words or try again later"
                )
                raise Unavailable(detail, retry_after=RETRY_AFTER) from None
        return make_page(rows, page, lambda row: SearchHit.of(post_view_of(row, viewer), query, row.key))

    async def unindexed_posts(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        return [PostId(found) for found in await self._fetch_ids(UNINDEXED_POSTS, after, limit)]

    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:
        return [UserId(found) for found in await self._fetch_ids(UNINDEXED_PEOPLE, after, limit)]

    async def _fetch_ids(self, statement: str, after: UUID | None, limit: int) -> list[UUID]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(statement, after or LOWEST_ID, limit, INDEX_VERSION)
        return [row["id"] for row in rows]

    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(PEOPLE, viewer, prefix, _like_pattern(prefix), limit)
        return [profile_of(row, viewer) for row in rows]


def _like_pattern(prefix: str) -> str:
    """Return a LIKE pattern for a prefix, with special characters escaped."""
    for special in ("\\", "%", "_"):
        prefix = prefix.replace(special, f"\\{special}")
    return f"{prefix}%"
