from collections.abc import Collection
from datetime import datetime

from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.rows import token_of
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.tokens import Session, Token, TokenReader
from domain.users import Role

# tokens_hash_key, users_pkey
BY_HASH = """
select tokens.id, user_id, username, role, expires_at from tokens join users on users.id = user_id
where hash = $1"""

# tokens_user_id_id_idx
OF_USER = page_statement(
    lambda rows: (
        f"select * from tokens where user_id = $1 and id < $2 and expires_at > $3 order by id desc limit {rows}"
    )
)

# tokens_pkey
VALID = "select id from tokens where id = any($1::uuid[]) and expires_at > $2"


class PostgresTokenReader(TokenReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_hash(self, token_hash: str) -> Session | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(BY_HASH, token_hash)
        if row is None:
            return None
        return Session(TokenId(row.id), UserId(row.user_id), row.username, Role(row.role), row.expires_at)

    async def of_user(self, user_id: UserId, now: datetime, page: PageRequest) -> Page[Token]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_USER(page), user_id, below_id(page), now)
        return make_page(rows, page, token_of)

    async def filter_valid(self, tokens: Collection[TokenId], now: datetime) -> Collection[TokenId]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(VALID, tokens, now)
        return {TokenId(row["id"]) for row in rows}
