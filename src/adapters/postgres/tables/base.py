"""What all tables share."""

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
"""Space left in each page, so that a row whose counter moved stays where its index entries point (HOT updates)."""


def timestamp_column(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def counter_column(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


def xid_column() -> Column[object]:
    """The transaction that made the row: tells whether a snapshot saw it."""
    return Column("xid", TransactionId, nullable=False, server_default=text("pg_current_xact_id()"))
