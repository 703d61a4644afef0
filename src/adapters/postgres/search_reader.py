from collections.abc import Sequence
from functools import partial
from typing import TypeAlias
from uuid import UUID

import asyncpg

from adapters.postgres.concurrency import RETRY_AFTER, StatementLimit
from adapters.postgres.database import Database
from adapters.postgres.paging import HIGHEST_ID, LOWEST_ID, page_statement
from adapters.postgres.shared_reads import SharedReads
from adapters.postgres.views import post_view, post_view_of, profile_of, profile_view
from adapters.postgres.visibility import DISCOVERABLE, VISIBLE, not_blocked, not_in_effect
from domain.errors import Unavailable
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest, Position
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
_FIELDS = [label for label in FIELD_WEIGHTS if label is not Field.LOOSE]
_SCORE = " ".join(f"when words @@ asked.{label} then {FIELD_WEIGHTS[label]}" for label in _FIELDS)
# For each field an array of queries, such as `'dog':A`.
_ASKED = ", ".join(f"${number}::text[]::tsquery[]" for number, _ in enumerate(_FIELDS, 5))

_Search: TypeAlias = tuple[tuple[str, ...], UserId | None, PageRequest]


def _rank_query(newest: int, rows: int) -> str:
    """Return SQL for the best of the `newest` posts with all words."""
    # search_documents_words_idx for rare words, search_documents_pkey backwards for common ones; then posts_pkey
    return f"""
with candidates as materialized (
  select post_id, words
  from search_documents join posts on posts.id = post_id
  where words @@ $2::text::tsquery and {VISIBLE} and {DISCOVERABLE}
  order by post_id desc limit {newest}),
 scored as materialized (
  select post_id, (
    select sum(case {_SCORE} else {_LOOSE} end)::float8 from unnest({_ASKED}) as asked ({", ".join(_FIELDS)})) as score
  from candidates)
select post_id, score from scored where (score, post_id) < ($3::float8, $4::uuid)
order by score desc, post_id desc limit {rows}"""


# posts_pkey. A statement of its own, because planning it takes longer than finding a rare word: this plan is kept, that
# of the search is not.
RANKED = post_view(f"""
select posts.*, ranked.score as key
from unnest($2::uuid[], $3::float8[]) as ranked (post_id, score) join posts on posts.id = ranked.post_id
where {VISIBLE} and {DISCOVERABLE}""")

MAX_WALKED = 20_000
"""The number of rows in which one statement looks for unindexed ones."""


def _unindexed_query(table: str, condition: str) -> str:
    return f"""
select id from (select * from {table} where id > $1 order by id limit {MAX_WALKED}) as {table}
where {condition} order by id limit $2"""


def _walk_query(table: str) -> str:
    """Return SQL for the last row in which `_unindexed_query` has looked, unless it has reached the end."""
    return f"select id from {table} where id > $1 order by id offset {MAX_WALKED - 1} limit 1"


# posts_pkey, search_documents_pkey: a lookup for each post. With `not exists` the planner hashes both tables.
UNINDEXED_POSTS = _unindexed_query(
    "posts", "coalesce((select version <> $3 from search_documents where post_id = posts.id), true)"
)
# users_pkey
UNINDEXED_PEOPLE = _unindexed_query("users", "name_version <> $3")

# users_username_idx, users_folded_name_idx
PEOPLE = profile_view(f"""
select users.*, (username = $2)::int::float8 * 1e12 + followers_count as key
from users
where id in (
    (select id from users where username like $3 order by username using ~<~ limit {MAX_CANDIDATES})
    union (select id from users where folded_name like $3 order by folded_name using ~<~ limit {MAX_CANDIDATES}))
  and application is null and {not_blocked("$1", "users.id")} and {not_in_effect("users.limited_until")}
order by key desc, username limit $4""").replace("order by p.key desc, p.id desc", "order by p.key desc, p.username")


class PostgresSearchReader(SearchReader):
    """Finds the best of the `newest` posts with the words, within `milliseconds`."""

    def __init__(self, database: Database, newest: int = MAX_SEARCHED_POSTS, milliseconds: int = 2_000) -> None:
        self._database = database
        self._statement = page_statement(partial(_rank_query, newest))
        self._milliseconds = milliseconds
        limit = StatementLimit("searches", MAX_CONCURRENT, milliseconds / 1000)
        self._shared = SharedReads(limit, self._search)

    async def posts(self, query: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        return await self._shared.read((tuple(query), viewer, page))

    async def _search(self, search: _Search) -> Page[SearchHit]:
        query, viewer, page = search
        below = (page.after.key, page.after.id) if page.after else (_MAX_SCORE, HIGHEST_ID)
        wanted = " & ".join(f"('{word}' | '{strip_optional_marks(word)}')" for word in query)
        asked = [[f"'{word}':{label}" for word in query] for label in _FIELDS]
        async with self._database.planning_connection(self._milliseconds) as connection:
            try:
                ranked = await connection.fetch(self._statement(page), viewer, wanted, *below, *asked)
            except asyncpg.QueryCanceledError:
                detail = (
                    f"the search took longer than {self._milliseconds / 1000:g} s; use rarer words or try again later"
                )
                raise Unavailable(detail, retry_after=RETRY_AFTER) from None
        best = ranked[: page.limit]
        async with self._database.connection() as connection:
            rows = await connection.fetch(RANKED, viewer, [row.post_id for row in best], [row.score for row in best])
        hits = tuple(SearchHit.of(post_view_of(row, viewer), query, row.key) for row in rows)
        return Page(hits, Position(best[-1].post_id, best[-1].score) if len(ranked) > len(best) else None)

    async def unindexed_posts(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        return [PostId(found) for found in await self._fetch_unindexed(UNINDEXED_POSTS, "posts", after, limit)]

    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:
        return [UserId(found) for found in await self._fetch_unindexed(UNINDEXED_PEOPLE, "users", after, limit)]

    async def _fetch_unindexed(self, statement: str, table: str, after: UUID | None, limit: int) -> list[UUID]:
        walked: UUID | None = after or LOWEST_ID
        while walked is not None:
            async with self._database.connection() as connection:
                rows = await connection.fetch(statement, walked, limit, INDEX_VERSION)
                if rows:
                    return [row["id"] for row in rows]
                walked = await connection.fetchval(_walk_query(table), walked)
        return []

    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        async with self._database.planning_connection() as connection:
            rows = await connection.fetch(PEOPLE, viewer, prefix, _like_pattern(prefix), limit)
        return [profile_of(row, viewer) for row in rows]


def _like_pattern(prefix: str) -> str:
    """Return a LIKE pattern for a prefix, with special characters escaped."""
    for special in ("\\", "%", "_"):
        prefix = prefix.replace(special, f"\\{special}")
    return f"{prefix}%"
