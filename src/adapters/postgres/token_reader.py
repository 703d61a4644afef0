from collections.abc import Collection, Sequence
from datetime import datetime

from adapters.postgres.coalescing import Coalescer
from adapters.postgres.database import Database, Row
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.rows import scopes_of, token_of
from adapters.postgres.visibility import not_in_effect
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Role
from domain.tokens import Session, Token, TokenReader

# tokens_hash_key, users_pkey
BY_HASHES = f"""
select hash, tokens.id, user_id, username, role, expires_at, scopes, application is not null as is_pending,
  confirmed_at, second_factor_at
from tokens join users on users.id = user_id
where hash = any($1::text[]) and {not_in_effect("users.suspended_until")}"""

# tokens_user_id_id_idx
OF_USER = page_statement(
    lambda rows: (
        f"select * from tokens where user_id = $1 and id < $2 and expires_at > $3 order by id desc limit {rows}"
    )
)

# tokens_pkey
VALID = "select id from tokens where id = any($1::uuid[]) and expires_at > $2"


class PostgresTokenReader(TokenReader):
    """Checks the tokens of concurrent requests in one statement, which begins after each of them arrived. Nothing is
    kept: a revoked token is refused at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sessions = Coalescer(self._fetch_sessions)

    async def by_hash(self, token_hash: str) -> Session | None:
        return await self._sessions.submit(token_hash)

    async def _fetch_sessions(self, hashes: Sequence[str]) -> Sequence[Session | None]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(BY_HASHES, {*hashes})
        found = {row.hash: _session_of(row) for row in rows}
        return [found.get(token_hash) for token_hash in hashes]

    async def of_user(self, user_id: UserId, now: datetime, page: PageRequest) -> Page[Token]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_USER(page), user_id, below_id(page), now)
        return make_page(rows, page, token_of)

    async def filter_valid(self, tokens: Collection[TokenId], now: datetime) -> Collection[TokenId]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(VALID, tokens, now)
        return {TokenId(row["id"]) for row in rows}


def _session_of(row: Row) -> Session:
    return Session(
        TokenId(row.id),
        UserId(row.user_id),
        row.username,
        Role(row.role),
        row.expires_at,
        scopes_of(row.scopes),
        row.is_pending,
        row.confirmed_at,
        row.second_factor_at,
    )
