"""Binds the storage contracts to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.database import Database
from adapters.postgres.storage import PostgresStorage
from tests.contracts.harness import BOUNDS, StorageHarness


@asynccontextmanager
async def postgres_harness(url: str) -> AsyncIterator[StorageHarness]:
    """A harness on an empty, migrated database."""
    database = Database(url)
    try:
        yield harness_on(database)
    finally:
        await database.close()


def harness_on(database: Database) -> StorageHarness:
    return StorageHarness(PostgresStorage(database, BOUNDS))
