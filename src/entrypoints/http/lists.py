from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from entrypoints.http.schemas import Out

M = TypeVar("M")


class ListOf(Out, Generic[M]):
    """One page of a list. `next_cursor` is null at the end. The header `Link` has the link to the next page as
    rel="next"."""

    items: Sequence[M]
    next_cursor: str | None

    @classmethod
    def name_of(cls, arguments: tuple[Any, ...]) -> str:
        """Return `PostList` for `ListOf[Post]`."""
        return f"{arguments[0].__name__}List"
