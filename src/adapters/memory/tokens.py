from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.ids import TokenId, UserId
from domain.tokens import Token, Tokens, is_use_recordable
from domain.users import UserNotFound


class MemoryTokens(Tokens):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, token: Token) -> None:
        tables = await self._transaction.tables()
        if token.user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        tables.tokens[token.id] = token

    async def record_uses(self, tokens: Collection[TokenId], now: datetime) -> None:
        stored = (await self._transaction.tables()).tokens
        for token in [stored[token_id] for token_id in tokens if token_id in stored]:
            if is_use_recordable(token.last_used_at, now):
                stored[token.id] = replace(token, last_used_at=now)

    async def forget_origins(self, before: datetime) -> int:
        stored = (await self._transaction.tables()).tokens
        old = [token for token in stored.values() if token.created_at < before and token.address is not None]
        for token in old:
            stored[token.id] = replace(token, device=None, address=None)
        return len(old)

    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        tokens = (await self._transaction.tables()).tokens
        token = tokens.get(token_id)
        if token is None or token.user_id != user_id:
            return False
        del tokens[token_id]
        return True

    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        tables = await self._transaction.tables()
        tables.tokens = {
            token.id: token for token in tables.tokens.values() if token.user_id != user_id or token.id == keep
        }

    async def confirm(self, token_id: TokenId, now: datetime, *, second_factor: bool) -> None:
        tokens = (await self._transaction.tables()).tokens
        if token_id in tokens:
            proved_at = now if second_factor else tokens[token_id].second_factor_at
            tokens[token_id] = replace(tokens[token_id], confirmed_at=now, second_factor_at=proved_at)

    async def clear_second_factor(self, user_id: UserId) -> None:
        tokens = (await self._transaction.tables()).tokens
        for token in [token for token in tokens.values() if token.user_id == user_id]:
            tokens[token.id] = replace(token, second_factor_at=None)

    async def delete_expired(self, before: datetime) -> int:
        tables = await self._transaction.tables()
        remaining = {token.id: token for token in tables.tokens.values() if token.expires_at >= before}
        count = len(tables.tokens) - len(remaining)
        tables.tokens = remaining
        return count
