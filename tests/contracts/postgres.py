"""The storage in PostgreSQL as a world for the suites."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.database import Database
from adapters.postgres.storage import PostgresStorage
from tests.contracts.world import BOUNDS, World


@asynccontextmanager
async def postgres_world(url: str) -> AsyncIterator[World]:
    """On an empty, migrated database."""
    database = Database(url)
    try:
        yield world_on(database)
    finally:
        await database.close()


def world_on(database: Database) -> World:
    return World(PostgresStorage(database, BOUNDS))
