"""Lists on pages: the cursor in the URL, and the link to the next page."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request

from domain.pages import Page, PageRequest, Position
from entrypoints.http.paging import path_of

T = TypeVar("T")

PAGE_SIZE = 12
"""Divisible by three, for grids."""


@dataclass(frozen=True, slots=True)
class ListPage(Generic[T]):
    """A page of a list. `more` is the URL of the next page."""

    items: tuple[T, ...]
    more: str | None = None


def page_request(request: Request, scope: str, limit: int = PAGE_SIZE) -> PageRequest:
    """Return the page request of the URL. Raises `BadCursor`."""
    cursor = request.query_params.get("cursor")
    return PageRequest(limit, Position.parse(cursor, scope) if cursor else None)


def list_page(request: Request, page: Page[T], scope: str) -> ListPage[T]:
    if page.next is None:
        return ListPage(page.items)
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    return ListPage(page.items, f"{path_of(request)}?{urlencode([*parameters, ('cursor', page.next.cursor(scope))])}")
