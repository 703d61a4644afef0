from typing import Generic, TypeVar

from entrypoints.http.schemas import Out

M = TypeVar("M")


class ListOf(Out, Generic[M]):
    """One page. `next_cursor` is null at the end; the same link stands in the header `Link` as rel="next"."""

    items: list[M]
    next_cursor: str | None
