from collections.abc import Sequence

from adapters.postgres.database import Database
from adapters.postgres.rows import token_of
from adapters.postgres.views import Row
from domain.ids import TokenId, UserId
from domain.tokens import Session, Sessions, Token
from domain.users import Role

# tokens_hash_key, users_pkey
BY_HASH = """
select tokens.id, user_id, username, role, expires_at from tokens join users on users.id = user_id
where hash = $1"""

# tokens_user_id_id_idx
OF_USER = "select * from tokens where user_id = $1 order by id desc"


class PostgresSessions(Sessions):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_hash(self, token_hash: str) -> Session | None:
        async with self._database.reading() as connection:
            row = await connection.fetchrow(BY_HASH, token_hash, record_class=Row)
        if row is None:
            return None
        return Session(TokenId(row.id), UserId(row.user_id), row.username, Role(row.role), row.expires_at)

    async def of_user(self, user_id: UserId) -> Sequence[Token]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(OF_USER, user_id, record_class=Row)
        return [token_of(row) for row in rows]
