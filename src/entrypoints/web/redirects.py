"""Where a visitor goes next: never to another site, whatever a link says."""

import re
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

from entrypoints.rest.paging import path_of

_HERE = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")
"""A path of this host: browsers read `//`, `/\\` and paths behind dropped control characters as other hosts."""


def see(path: str) -> RedirectResponse:
    """Go there with a GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER.value)


def local(path: str | None, otherwise: str = "/") -> str:
    """The path, if it is one of this host."""
    return path if path and len(path) < 2_000 and _HERE.fullmatch(path) else otherwise  # noqa: PLR2004 — a sane URL


def back(request: Request, otherwise: str = "/", anchor: str = "") -> RedirectResponse:
    """Return to the page from which a form was sent."""
    return see(came_from(request, otherwise) + (f"#{anchor}" if anchor else ""))


def came_from(request: Request, otherwise: str = "/") -> str:
    """The page before, as the browser tells it."""
    try:
        before = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return otherwise
    if before.netloc != request.headers.get("host"):
        return otherwise
    return local(before.path + (f"?{before.query}" if before.query else ""), otherwise)


def to_sign_in(request: Request) -> RedirectResponse:
    """And then back here."""
    query = request.scope["query_string"].decode("latin-1")
    asked = path_of(request) + (f"?{query}" if query else "")
    wanted = asked if request.method == "GET" else came_from(request)
    return see(f"/sign-in?next={quote(wanted, safe='')}")
