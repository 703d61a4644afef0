from typing import Self

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection


class Transaction:
    """One transaction on one connection. `core` executes statements of SQLAlchemy Core, `raw` those written in SQL.
    Whatever interrupts it, the connection is free of a transaction afterwards, or closed."""

    def __init__(self, core: AsyncConnection, raw: asyncpg.Connection) -> None:
        self.core = core
        self.raw = raw

    async def commit(self) -> None:
        await self.raw.execute("commit")

    async def __aenter__(self) -> Self:
        await self._execute_or_close("begin")
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Roll back unless the transaction was committed. The server rolls back where the connection is lost."""
        if not self.raw.is_closed() and self.raw.is_in_transaction():
            await self._execute_or_close("rollback")

    async def _execute_or_close(self, statement: str) -> None:
        try:
            await self.raw.execute(statement)
        except BaseException:  # cancellation included
            self.raw.terminate()
            raise
