from datetime import datetime

from sqlalchemy import delete, insert, update
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
            "confirmed_at": token.confirmed_at,
            "second_factor_at": token.second_factor_at,
        }
        with translate_errors():
            await self._core.execute(insert(tokens).values(row))

    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        statement = delete(tokens).where(tokens.c.id == token_id, tokens.c.user_id == user_id)
        return (await self._core.execute(statement)).rowcount > 0

    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        statement = delete(tokens).where(tokens.c.user_id == user_id, tokens.c.id.is_distinct_from(keep))
        await self._core.execute(statement)

    async def confirm(self, token_id: TokenId, now: datetime, *, second_factor: bool) -> None:
        proved_at = now if second_factor else tokens.c.second_factor_at
        statement = update(tokens).where(tokens.c.id == token_id)
        await self._core.execute(statement.values(confirmed_at=now, second_factor_at=proved_at))

    async def clear_second_factor(self, user_id: UserId) -> None:
        await self._core.execute(update(tokens).where(tokens.c.user_id == user_id).values(second_factor_at=None))

    async def delete_expired(self, before: datetime) -> int:
        return (await self._core.execute(delete(tokens).where(tokens.c.expires_at < before))).rowcount
