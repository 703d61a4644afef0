from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.errors import translate_errors
from adapters.postgres.tables import tokens
from domain.ids import TokenId, UserId
from domain.tokens import Token, Tokens


class PostgresTokens(Tokens):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def add(self, token: Token) -> None:
        row = {
            "id": token.id,
            "user_id": token.user_id,
            "hash": token.hash,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
        }
        with translate_errors():
            await self._core.execute(insert(tokens).values(row))

    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        statement = delete(tokens).where(tokens.c.id == token_id, tokens.c.user_id == user_id)
        return (await self._core.execute(statement)).rowcount > 0

    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        statement = delete(tokens).where(tokens.c.user_id == user_id, tokens.c.id.is_distinct_from(keep))
        await self._core.execute(statement)

    async def delete_expired(self, before: datetime) -> int:
        return (await self._core.execute(delete(tokens).where(tokens.c.expires_at < before))).rowcount
