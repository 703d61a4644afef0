from typing import Any, Generic, TypeVar

from entrypoints.http.schemas import Out

M = TypeVar("M")


class ListOf(Out, Generic[M]):
    """One page of a list. `next_cursor` is null at the end. The header `Link` has the link to the next page as
    rel="next"."""

    items: list[M]
    next_cursor: str | None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Return the name in the OpenAPI document: `PostList` for `ListOf[Post]`."""
        return f"{params[0].__name__}List"
