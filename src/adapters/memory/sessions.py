from collections.abc import Sequence

from adapters.memory.store import MemoryStore
from domain.ids import UserId
from domain.tokens import Session, Sessions, Token


class MemorySessions(Sessions):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_hash(self, token_hash: str) -> Session | None:
        tables = self._store.committed
        token = next((token for token in tables.tokens.values() if token.hash == token_hash), None)
        if token is None:
            return None
        user = tables.users[token.user_id]
        return Session(token.id, user.id, user.username, user.role, token.expires_at)

    async def of_user(self, user_id: UserId) -> Sequence[Token]:
        tokens = [token for token in self._store.committed.tokens.values() if token.user_id == user_id]
        return sorted(tokens, key=lambda token: token.id, reverse=True)
