from contextlib import suppress
from types import TracebackType
from typing import Self

import asyncpg

ROLLBACK_TIMEOUT = 2
"""Seconds in which a rollback has to be confirmed. Later the connection is closed."""


class Transaction:
    """One transaction on one connection. `settings` is SQL that is executed with `begin`. Whatever interrupts it, the
    connection is free of a transaction afterwards, or closed."""

    def __init__(self, connection: asyncpg.Connection, settings: str = "") -> None:
        self.connection = connection
        self._settings = settings

    async def commit(self) -> None:
        await self.connection.execute("commit")

    async def __aenter__(self) -> Self:
        await self._execute_or_close(f"begin; {self._settings}" if self._settings else "begin")
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        """Roll back unless the transaction was committed. The server rolls back where the connection is lost."""
        if isinstance(error, TimeoutError):
            self.connection.terminate()  # the server is silent, and would not confirm a rollback either
        elif not self.connection.is_closed() and self.connection.is_in_transaction():
            with suppress(TimeoutError):
                await self._execute_or_close("rollback", ROLLBACK_TIMEOUT)

    async def _execute_or_close(self, statement: str, seconds: float | None = None) -> None:
        try:
            await self.connection.execute(statement, timeout=seconds)
        except BaseException:  # cancellation included
            self.connection.terminate()
            raise
