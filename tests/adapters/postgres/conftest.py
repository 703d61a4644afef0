from collections.abc import AsyncIterator

import pytest

from adapters.postgres.database import Database
from tests.contracts.postgres import world_on
from tests.contracts.world import World
from tests.databases import emptied


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Migrated and without rows."""
    await emptied(database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def world(database: Database) -> World:
    return world_on(database)
