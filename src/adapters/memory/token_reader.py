from collections.abc import Collection
from datetime import datetime

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_suspended
from adapters.memory.store import MemoryStore
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.tokens import Session, Token, TokenReader


class MemoryTokenReader(TokenReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_hash(self, token_hash: str) -> Session | None:
        tables = self._store.committed
        token = next((token for token in tables.tokens.values() if token.hash == token_hash), None)
        if token is None or is_suspended(tables, token.user_id):
            return None
        user = tables.users[token.user_id]
        return Session(
            token.id,
            user.id,
            user.username,
            user.role,
            token.expires_at,
            token.scopes,
            is_pending=user.is_pending,
            confirmed_at=token.confirmed_at,
            second_factor_at=token.second_factor_at,
        )

    async def of_user(self, user_id: UserId, now: datetime, page: PageRequest) -> Page[Token]:
        tokens = self._store.committed.tokens.values()
        entries = [Entry(token, token.id) for token in tokens if token.user_id == user_id and token.expires_at > now]
        return highest_first(entries, page, lambda token: token)

    async def filter_valid(self, tokens: Collection[TokenId], now: datetime) -> Collection[TokenId]:
        present = self._store.committed.tokens
        return {one for one in tokens if one in present and present[one].expires_at > now}
