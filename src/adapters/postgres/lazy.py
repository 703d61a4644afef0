"""Lazy imports of the PostgreSQL adapters. Processes without a database, such as the inference service, start faster
and work without SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.postgres.database import Database
    from adapters.postgres.migrations import PostgresMigrations
    from adapters.postgres.storage import PostgresStorage


def make_database(url: str) -> Database:
    from adapters.postgres.database import Database

    return Database(url)


def make_migrations(database: Database) -> PostgresMigrations:
    from adapters.postgres.migrations import PostgresMigrations

    return PostgresMigrations(database)


def make_storage(database: Database) -> PostgresStorage:
    from adapters.postgres.storage import PostgresStorage

    return PostgresStorage(database)
