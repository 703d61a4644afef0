"""Pagination by sorting everything, dropping what comes before the position, and cutting."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from domain.pages import Page, PageRequest, Position

T = TypeVar("T")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """A row and its position in a list ordered by (key, id)."""

    row: T
    id: UUID
    key: float = 0.0

    @property
    def sort_key(self) -> tuple[float, UUID]:
        return self.key, self.id


def highest_first(entries: Iterable[Entry[T]], request: PageRequest, show: Callable[[T], V]) -> Page[V]:
    """Return a page in descending order: newest first where the key is a time."""
    after = request.after
    left = [entry for entry in entries if after is None or entry.sort_key < (after.key, after.id)]
    return _make_page(sorted(left, key=lambda entry: entry.sort_key, reverse=True), request, show)


def lowest_first(entries: Iterable[Entry[T]], request: PageRequest, show: Callable[[T], V]) -> Page[V]:
    """Return a page in ascending order: oldest first."""
    after = request.after
    left = [entry for entry in entries if after is None or entry.sort_key > (after.key, after.id)]
    return _make_page(sorted(left, key=lambda entry: entry.sort_key), request, show)


def _make_page(left: list[Entry[T]], request: PageRequest, show: Callable[[T], V]) -> Page[V]:
    page = left[: request.limit]
    more = len(left) > len(page)
    return Page(tuple(show(entry.row) for entry in page), Position(page[-1].id, page[-1].key) if more else None)
