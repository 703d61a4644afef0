"""Pages cut in SQL, after a position that is always there: where there is none, before the first row there can be.

A condition that may be absent (`$2 is null or ...`) would spoil the plan that PostgreSQL keeps for a statement.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from adapters.postgres.views import Row
from domain.pages import Page, PageRequest, Position

V = TypeVar("V")

LOWEST_ID = UUID(int=0)
HIGHEST_ID = UUID(int=2**128 - 1)
_MIN_TIME = datetime(1, 1, 1, tzinfo=UTC)
_MAX_TIME = datetime.max.replace(tzinfo=UTC)


def below_id(page: PageRequest) -> UUID:
    """Of a list that runs down by id."""
    return page.after.id if page.after else HIGHEST_ID


def above_id(page: PageRequest) -> UUID:
    """Of a list that runs up by id."""
    return page.after.id if page.after else LOWEST_ID


def below_time(page: PageRequest) -> tuple[datetime, UUID]:
    """Of a list that runs down by a time; a position holds it in seconds, which `datetime` rounds to the same
    microsecond again."""
    if page.after is None:
        return _MAX_TIME, HIGHEST_ID
    # A cursor can be forged; it may then point before or behind all time, but not break anything.
    if page.after.key >= _MAX_TIME.timestamp():
        return _MAX_TIME, page.after.id
    seconds = max(page.after.key, _MIN_TIME.timestamp())
    return datetime.fromtimestamp(seconds, UTC), page.after.id


def with_limit(statement: str, page: PageRequest) -> str:
    """`statement` with one row more than asked for as its LIMIT. A number in the text rather than a parameter: knowing
    how few rows are wanted, PostgreSQL keeps its plan instead of making another at every call."""
    return statement.replace("LIMIT", str(page.limit + 1))


def make_page(rows: Sequence[Row], page: PageRequest, show: Callable[[Row], V]) -> Page[V]:
    """A page of `rows`, of which one more was fetched than asked for. They have `id`, and `key` unless their list is
    ordered by id alone."""
    taken = rows[: page.limit]
    items = tuple(show(row) for row in taken)
    return Page(items, Position(taken[-1].id, _key_of(taken[-1])) if len(rows) > len(taken) else None)


def _key_of(row: Row) -> float:
    key = row.get("key")
    return key.timestamp() if isinstance(key, datetime) else float(key or 0.0)
