"""Rows in the format of PostgreSQL's `COPY … (format binary)`, in batches.

The format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format". Every field here has one width for
all rows, so that a batch of rows is one array.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.postgres.database import Connection

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
BATCH = 50_000
_POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

Columns = Mapping[str, NDArray[Any] | bytes]
"""A value for each row, or one for all of them."""


async def copy(connection: Connection, table: str, columns: Columns, rows: int, advance: Callable[[int], None]) -> None:
    """Copy `rows` rows. Numbers must be big-endian, other values `S` or `V` of a fixed width."""

    async def batches() -> AsyncIterator[bytes]:
        yield HEADER
        for start in range(0, rows, BATCH):
            stop = min(start + BATCH, rows)
            yield _pack_rows(columns, start, stop)
            advance(stop - start)
        yield TRAILER

    await connection.copy_to_table(table, source=batches(), columns=list(columns), format="binary")


def _pack_rows(columns: Columns, start: int, stop: int) -> bytes:
    parts = {
        name: np.frombuffer(value, f"V{len(value)}") if isinstance(value, bytes) else value[start:stop]
        for name, value in columns.items()
    }
    fields = [field for name, part in parts.items() for field in ((f"{name} size", ">i4"), (name, part.dtype))]
    packed = np.empty(stop - start, dtype=[("fields", ">i2"), *fields])
    packed["fields"] = len(columns)
    for name, part in parts.items():
        packed[f"{name} size"] = part.dtype.itemsize
        packed[name] = part
    return packed.tobytes()


def make_ids(milliseconds: NDArray[Any], kind: int) -> NDArray[Any]:
    """Return UUIDv7 (RFC 9562) for these times in milliseconds since 1970. `kind`, below 16, and the index replace the
    random bits."""
    made = np.zeros((len(milliseconds), 16), dtype=np.uint8)
    made[:, :6] = milliseconds.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    made[:, 6] = 0x70 | kind
    made[:, 8] = 0x80
    made[:, 9:] = np.arange(len(milliseconds), dtype=">u8").view(np.uint8).reshape(-1, 8)[:, 1:]
    return made.view("V16").ravel()


def timestamps(milliseconds: NDArray[Any]) -> NDArray[Any]:
    """Return times since 1970 as timestamptz: microseconds since 2000."""
    return (milliseconds.astype(np.int64) * 1000 - int(_POSTGRES_EPOCH.timestamp()) * 1_000_000).astype(">i8")


def numbers(values: NDArray[Any]) -> NDArray[Any]:
    return values.astype(">i4")


def originals(count: int) -> NDArray[Any]:
    """Return hashes of `count` different files, none of which exists."""
    return np.frombuffer(hashlib.shake_256(b"originals").digest(32 * count), "V32")
