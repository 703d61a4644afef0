"""Statements as spans: named after the function that executes them, without text and parameters."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from adapters.memory.tracing import MemoryTracing
from adapters.postgres.connecting import CheckedConnection
from adapters.postgres.database import Database
from adapters.postgres.storage import PostgresStorage
from domain.ids import UserId
from domain.pages import PageRequest
from domain.tracing import SpanKind
from tests.databases import empty_database

pytestmark = pytest.mark.postgres


@pytest.fixture
def tracing() -> MemoryTracing:
    return MemoryTracing()


@pytest.fixture
async def database(database_url: str, tracing: MemoryTracing) -> AsyncIterator[Database]:
    await empty_database(database_url)
    database = Database(database_url, tracing=tracing)
    yield database
    await database.close()


async def test_single_statement_is_named_after_its_function(database: Database, tracing: MemoryTracing) -> None:
    storage, viewer = PostgresStorage(database), UserId(uuid4())

    with tracing.span("request"):
        await storage.post_reader.newest(viewer, PageRequest())

    assert [(span.name, span.kind) for span in tracing.spans][-2:] == [
        ("PostgresPostReader.newest", SpanKind.CLIENT),
        ("request", SpanKind.INTERNAL),
    ]
    assert all("select" not in str(span) and str(viewer) not in str(span) for span in tracing.spans)


async def test_statements_of_transactions_are_named(database: Database, tracing: MemoryTracing) -> None:
    with tracing.span("request"):
        async with PostgresStorage(database).begin() as uow:
            await uow.users.get(UserId(uuid4()))
            await uow.commit()

    names = [span.name for span in tracing.spans]
    assert "PostgresUsers.get" in names
    assert "PostgresUnitOfWork.commit" in names


async def test_failed_statement_is_marked(database: Database, tracing: MemoryTracing) -> None:
    async with database.connection() as connection:
        with tracing.span("request"), pytest.raises(asyncpg.UndefinedTableError):
            await connection.fetch("select secret from nowhere")

    assert [(span.error, "secret" in str(span)) for span in tracing.spans[:1]] == [("UndefinedTableError", False)]


async def test_statement_outside_of_a_trace_is_not_recorded(database: Database, tracing: MemoryTracing) -> None:
    async with database.connection() as connection:
        await connection.fetchval("select 1")

    assert tracing.spans == []


async def test_connections_are_ordinary_without_tracing(database_url: str) -> None:
    database = Database(database_url)
    async with database.connection() as connection:
        assert type(connection._con) is CheckedConnection
    await database.close()
