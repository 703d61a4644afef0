from collections.abc import Collection
from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from adapters.postgres.row_statements import insert_row
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


# tokens_pkey
_DELETE = "delete from tokens where id = $1 and user_id = $2 returning true"
_CONFIRM = """
update tokens set confirmed_at = $2, second_factor_at = case when $3 then $2 else second_factor_at end where id = $1"""

# tokens_user_id_id_idx
_DELETE_OTHERS = "delete from tokens where user_id = $1 and id is distinct from $2"
_CLEAR_SECOND_FACTOR = "update tokens set second_factor_at = null where user_id = $1"

# tokens_expires_at_idx
_DELETE_EXPIRED = "with gone as (delete from tokens where expires_at < $1 returning 1) select count(*) from gone"


class PostgresTokens(Tokens):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
            await insert_row(self._connection, "tokens", row)

    async def record_uses(self, tokens: Collection[TokenId], now: datetime) -> None:
        await self._connection.execute(_RECORD_USES, list(tokens), now, USE_INTERVAL)

    async def forget_origins(self, before: datetime) -> int:
        return int(await self._connection.fetchval(_FORGET_ORIGINS, before))

    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        return bool(await self._connection.fetchval(_DELETE, token_id, user_id))

    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        await self._connection.execute(_DELETE_OTHERS, user_id, keep)

    async def confirm(self, token_id: TokenId, now: datetime, *, second_factor: bool) -> None:
        await self._connection.execute(_CONFIRM, token_id, now, second_factor)

    async def clear_second_factor(self, user_id: UserId) -> None:
        await self._connection.execute(_CLEAR_SECOND_FACTOR, user_id)

    async def delete_expired(self, before: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_EXPIRED, before))
