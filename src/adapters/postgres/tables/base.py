"""Columns and options shared by all tables."""

from sqlalchemy import Column, DateTime, Integer, MetaData, text

from adapters.postgres.types import TransactionId

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    }
)

FILLFACTOR = {"fillfactor": "80"}
"""Free space in each page, so that a row whose counter changes stays in its page (HOT updates)."""


def timestamp_column(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def counter_column(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def xid_column() -> Column[object]:
    """Return a column for the transaction that created the row. It shows whether a snapshot saw the row."""
    return Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()"))
