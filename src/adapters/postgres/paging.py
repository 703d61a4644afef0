"""Pagination in SQL. Every page starts after a position; the first page starts before the first possible row.

An optional condition (`$2 is null or ...`) would spoil the cached plan of a statement.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias, TypeVar
from uuid import UUID

from adapters.postgres.database import Row
from domain.pages import Page, PageRequest, Position

V = TypeVar("V")

PagedStatement: TypeAlias = Callable[[PageRequest], str]

LOWEST_ID = UUID(int=0)
HIGHEST_ID = UUID(int=2**128 - 1)
_MIN_TIME = datetime(1, 1, 1, tzinfo=UTC)
_MAX_TIME = datetime.max.replace(tzinfo=UTC)


def below_id(page: PageRequest) -> UUID:
    """Return the position in a list in descending order of id."""
    return page.after.id if page.after else HIGHEST_ID


def above_id(page: PageRequest) -> UUID:
    """Return the position in a list in ascending order of id."""
    return page.after.id if page.after else LOWEST_ID


def below_time(page: PageRequest) -> tuple[datetime, UUID]:
    """Return the position in a list in descending order of time. It holds the time in seconds, which `datetime` rounds
    to the same microsecond."""
    if page.after is None:
        return _MAX_TIME, HIGHEST_ID
    # A cursor can be forged. Times out of range must not cause errors.
    if page.after.key >= _MAX_TIME.timestamp():
        return _MAX_TIME, page.after.id
    seconds = max(page.after.key, _MIN_TIME.timestamp())
    return datetime.fromtimestamp(seconds, UTC), page.after.id


def page_statement(statement: Callable[[int], str]) -> PagedStatement:
    """Return a function from a page to the text of its statement. `statement` gets the number of rows to fetch, one
    more than requested. The number is part of the text rather than a parameter, so that PostgreSQL plans for few
    rows."""
    text = cache(statement)
    return lambda page: text(page.limit + 1)


def make_page(rows: Sequence[Row], page: PageRequest, show: Callable[[Row], V]) -> Page[V]:
    """Return a page of `rows`, of which one more than requested was fetched. Rows have `id`, and `key` unless their
    list is ordered by id alone."""
    taken = rows[: page.limit]
    items = tuple(show(row) for row in taken)
    return Page(items, Position(taken[-1].id, _key_of(taken[-1])) if len(rows) > len(taken) else None)


def _key_of(row: Row) -> float:
    key = row.get("key")
    return key.timestamp() if isinstance(key, datetime) else float(key or 0.0)
