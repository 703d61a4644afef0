"""The contract of every paged list."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from domain.pages import Page, PageRequest, Position

T = TypeVar("T")
Listing = Callable[[PageRequest], Awaitable[Page[T]]]

ALL = PageRequest(limit=100)


async def read_pages(listing: Listing[T], limit: int) -> list[T]:
    """Read the list page by page. Pages are full except the last, which has no next one, and positions survive a
    cursor."""
    items: list[T] = []
    request = PageRequest(limit)
    while True:
        page = await listing(request)
        items.extend(page.items)
        if page.next is None:
            assert len(page.items) <= limit
            assert page.items or not items, "an empty last page was offered"
            return items
        assert len(page.items) == limit
        request = PageRequest(limit, Position.parse(page.next.cursor("list"), "list"))


async def assert_pages(listing: Listing[T], expected: Sequence[T]) -> None:
    """The list equals this one, for every page size."""
    for limit in range(1, len(expected) + 2):
        assert await read_pages(listing, limit) == list(expected)
