"""Inserts and updates of rows given by column. The names of tables and columns are constants of the program."""

from collections.abc import Mapping, Sequence
from functools import cache

from adapters.postgres.database import Connection

Row = Mapping[str, object]


async def insert_row(connection: Connection, table: str, row: Row) -> None:
    await connection.execute(_insert(table, tuple(row)), *row.values())


async def insert_rows(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Insert rows that have the same columns in the same order."""
    if rows:
        await connection.executemany(_insert(table, tuple(rows[0])), [tuple(row.values()) for row in rows])


async def update_row(connection: Connection, table: str, key: Row, changes: Row) -> None:
    """Update the row whose columns equal `key`, if there is one."""
    await connection.execute(_update(table, tuple(key), tuple(changes)), *key.values(), *changes.values())


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return f"insert into {table} ({', '.join(columns)}) values ({values})"


@cache
def _update(table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    where = " and ".join(f"{name} = ${number}" for number, name in enumerate(key, 1))
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, len(key) + 1))
    return f"update {table} set {changes} where {where}"
