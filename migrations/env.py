"""Alembic's environment: the connection of the caller or, on Alembic's command line, the configured database."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.schema import SchemaItem

from adapters.postgres.alembic_runner import record_support
from adapters.postgres.tables import metadata

QUEUE_SCHEMA = "jobs"


def is_included(item: SchemaItem, _name: str | None, kind: str, reflected: bool, _against: SchemaItem | None) -> bool:
    """Leaves out the tables of pgqueuer, which the metadata does not contain."""
    return not (kind == "table" and reflected and getattr(item, "schema", None) == QUEUE_SCHEMA)


def migrate(connection: Connection) -> None:
    observer = context.config.attributes.get("on_version_apply")
    connection.exec_driver_sql("set lock_timeout = '5s'")
    connection.exec_driver_sql("set statement_timeout = 0")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_object=is_included,
        transaction_per_migration=True,
        compare_server_default=True,
        on_version_apply=[record_support, *([observer] if observer else [])],
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_configured() -> None:
    from container import Container
    from entrypoints.lifecycle import connect
    from entrypoints.settings import Settings

    async with connect(Container(config=Settings().config())) as container:
        await container.migrations().run(migrate)


def print_statements() -> None:
    """For `bin/migration_statements.py`, without a database."""
    context.configure(dialect_name="postgresql", target_metadata=metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    print_statements()
elif given is not None:
    migrate(given)
else:
    asyncio.run(migrate_configured())
