from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from adapters.postgres.tables import tokens
from domain.ids import TokenId, UserId
from domain.tokens import USE_INTERVAL, Token, Tokens

# `domain.tokens.is_use_recordable`; tokens_pkey
_RECORD_USES = """
update tokens set last_used_at = $2
where id in (
  select id from tokens
  where id = any($1::uuid[]) and (last_used_at is null or last_used_at <= $2::timestamptz - $3::interval)
  order by id for no key update skip locked)
"""

# tokens_origin_idx
_FORGET_ORIGINS = """
with forgotten as (
  update tokens set device = null, address = null
  where id in (
    select id from tokens where created_at < $1 and address is not null order by id for no key update skip locked)
  returning id)
select count(*) from forgotten
"""


class PostgresTokens(Tokens):
    def __init__(self, core: AsyncConnection, raw: Connection) -> None:
        self._core = core
        self._raw = raw

    async def add(self, token: Token) -> None:
        row = {
            "id": token.id,
            "user_id": token.user_id,
            "hash": token.hash,
            "created_at": token.created_at,
            "expires_at": token.expires_at,
            "name": token.name,
            "scopes": sorted(token.scopes),
            "last_used_at": token.last_used_at,
            "device": token.device,
            "address": token.address,
            "confirmed_at": token.confirmed_at,
            "second_factor_at": token.second_factor_at,
        }
        with translate_errors():
            await self._core.execute(insert(tokens).values(row))

    async def record_uses(self, tokens: Collection[TokenId], now: datetime) -> None:
        await self._raw.execute(_RECORD_USES, list(tokens), now, USE_INTERVAL)

    async def forget_origins(self, before: datetime) -> int:
        return int(await self._raw.fetchval(_FORGET_ORIGINS, before))

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
