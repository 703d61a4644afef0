"""Pagination of lists: the parameters `limit` and `cursor`, and the link to the next page."""

import re
from collections.abc import Callable
from typing import Annotated, TypeVar
from urllib.parse import quote, urlencode

from fastapi import Depends, Query, Request, Response
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from domain.pages import Page, PageRequest, Position
from entrypoints.http.lists import ListOf

T = TypeVar("T")
M = TypeVar("M")

_PATH_CHARACTERS = "/:@!$&'()*+,;="
"""The characters that a path contains unencoded (RFC 3986, 3.3). Headers contain the others percent-encoded."""


def _require_plain_number(value: object) -> object:
    """Reject 5.0, 1_0 and surrounding blanks, which pydantic accepts."""
    if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,9}", value):
        raise PydanticCustomError("int_parsing", "is not a whole number")
    return value


Limit = Annotated[
    int, Query(ge=1, le=100, description="Maximum number of items."), BeforeValidator(_require_plain_number)
]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the previous page; valid for the same list only.")]


class ListRequest:
    """The requested page of a list. `scope` identifies the list, so that a cursor is valid for its own list only."""

    def __init__(self, request: Request, response: Response, limit: int, cursor: str | None) -> None:
        self._request = request
        self._response = response
        self._limit = limit
        self._cursor = cursor

    def page(self, scope: str) -> PageRequest:
        """Return the page request. Raises `BadCursor`."""
        after = None if self._cursor is None else Position.parse(self._cursor, scope)
        return PageRequest(self._limit, after)

    def to_list(self, page: Page[T], scope: str, shape: Callable[[T], M]) -> ListOf[M]:
        cursor = page.next.cursor(scope) if page.next else None
        if cursor:
            self._response.headers["Link"] = f'<{_link(self._request, ("cursor", cursor))}>; rel="next"'
        return ListOf(items=[shape(item) for item in page.items], next_cursor=cursor)


async def _list_request(request: Request, response: Response, limit: Limit = 20, cursor: Cursor = None) -> ListRequest:
    # A coroutine, because FastAPI calls ordinary functions and classes in a thread.
    return ListRequest(request, response, limit, cursor)


def first_page_link(request: Request) -> str:
    """Return the link to the first page of the same list."""
    return _link(request)


def path_of(request: Request) -> str:
    """Return the percent-encoded path. `request.url.path` is not used, because it ends at a question mark within the
    path."""
    return quote(request.scope["path"], safe=_PATH_CHARACTERS, errors="replace")


def _link(request: Request, *added: tuple[str, str]) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    path, query = path_of(request), urlencode([*kept, *added])
    return f"{path}?{query}" if query else path


ListQuery = Annotated[ListRequest, Depends(_list_request)]
