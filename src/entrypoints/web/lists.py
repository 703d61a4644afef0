"""Lists on pages: a cursor in the address, and a link to go on with."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from domain.pages import Page, PageRequest, Position
from entrypoints.rest.paging import path_of

T = TypeVar("T")

AT_ONCE = 12
"""Divisible by three, for grids."""


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """A page of a list; `more` is the address of the next one."""

    items: tuple[T, ...]
    more: str | None = None


def asked(request: Request, scope: str, limit: int = AT_ONCE) -> PageRequest:
    """Raises `BadCursor`."""
    cursor = request.query_params.get("cursor")
    return PageRequest(limit, Position.parse(cursor, scope) if cursor else None)


def listed(request: Request, page: Page[T], scope: str) -> Listed[T]:
    if page.next is None:
        return Listed(page.items)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return Listed(page.items, f"{path_of(request)}?{urlencode([*kept, ('cursor', page.next.cursor(scope))])}")
