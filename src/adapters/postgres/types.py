"""Column types that SQLAlchemy does not support."""

from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType


class HalfVector(UserDefinedType[object]):
    """pgvector's vector of 16-bit floats. Its values never pass through SQLAlchemy."""

    cache_ok = True

    def __init__(self, size: int) -> None:
        self.size = size

    def get_col_spec(self, **_options: object) -> str:
        return f"halfvec({self.size})"


class TransactionId(UserDefinedType[object]):
    """A PostgreSQL transaction id of 64 bits. Its values never pass through SQLAlchemy."""

    cache_ok = True

    def get_col_spec(self, **_options: object) -> str:
        return "xid8"


ischema_names |= {"halfvec": HalfVector, "xid8": TransactionId}
"""For Alembic's comparison of the tables with a database."""
