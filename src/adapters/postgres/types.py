"""Shapes of columns that SQLAlchemy does not know."""

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

QUARTERS = {1: 48, 2: 32, 3: 16, 4: 0}
"""The four numbers of 16 bits in a fingerprint, and how far to the right each is to be moved."""


class HalfVector(UserDefinedType[object]):
    """pgvector's vector of 16-bit floats. Its values never pass through SQLAlchemy."""

    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **_options: object) -> str:
        return f"halfvec({self.size})"


class TransactionId(UserDefinedType[object]):
    """PostgreSQL's number of a transaction, in 64 bits. Its values never pass through SQLAlchemy."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


ischema_names |= {"halfvec": HalfVector, "xid8": TransactionId}
"""For whoever compares the tables with a database."""
