from typing import Self

import asyncpg


class Transaction:
    """One transaction on one connection. Whatever interrupts it, the connection is free of a transaction afterwards, or
    closed."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def commit(self) -> None:
        await self.connection.execute("commit")

    async def __aenter__(self) -> Self:
        await self._execute_or_close("begin")
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Roll back unless the transaction was committed. The server rolls back where the connection is lost."""
        if not self.connection.is_closed() and self.connection.is_in_transaction():
            await self._execute_or_close("rollback")

    async def _execute_or_close(self, statement: str) -> None:
        try:
            await self.connection.execute(statement)
        except BaseException:  # cancellation included
            self.connection.terminate()
            raise
