from collections.abc import AsyncIterator

import pytest

from adapters.postgres.database import Database
from tests.contracts.harness import StorageHarness
from tests.contracts.postgres import harness_on
from tests.databases import empty_database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated database without rows."""
    await empty_database(database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def harness(database: Database) -> StorageHarness:
    return harness_on(database)
