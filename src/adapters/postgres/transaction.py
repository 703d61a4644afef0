from typing import Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


class Transaction:
    """One transaction on one connection. `core` executes statements of SQLAlchemy Core, `raw` those written in SQL."""

    def __init__(self, core: AsyncConnection, raw: asyncpg.Connection) -> None:
        self.core = core
        self.raw = raw
        self._transaction = raw.transaction()
        self._committed = False

    async def commit(self) -> None:
        self._committed = True
        await self._transaction.commit()

    async def __aenter__(self) -> Self:
        await self._transaction.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Roll back unless the transaction was committed. The server rolls back where the connection is lost."""
        if not self._committed and not self.raw.is_closed():
            await self._transaction.rollback()
