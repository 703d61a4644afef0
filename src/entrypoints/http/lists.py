from typing import Generic, TypeVar

from entrypoints.http.schemas import Out

M = TypeVar("M")


class ListOf(Out, Generic[M]):
    """One page of a list. `next_cursor` is null at the end. The header `Link` has the link to the next page as
    rel="next"."""

    items: list[M]
    next_cursor: str | None
