"""Redirects within this site."""

import re
from http import HTTPStatus
from urllib.parse import quote, urlsplit

from fastapi import Request
from fastapi.responses import RedirectResponse

from entrypoints.http.paging import path_of

_LOCAL_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\\\x7f]*")
"""A path on this host. Browsers treat `//`, `/\\` and paths after removed control characters as other hosts."""


def redirect_to(path: str) -> RedirectResponse:
    """Redirect with GET."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER.value)


def local_path(path: str | None, fallback: str = "/") -> str:
    """Return the path if it is on this host."""
    return path if path and len(path) < 2_000 and _LOCAL_PATH.fullmatch(path) else fallback  # noqa: PLR2004 — a sane URL


def redirect_back(request: Request, fallback: str = "/", anchor: str = "") -> RedirectResponse:
    """Redirect to the page from which a form was sent."""
    return redirect_to(previous_page(request, fallback) + (f"#{anchor}" if anchor else ""))


def previous_page(request: Request, fallback: str = "/") -> str:
    """Return the previous page, from the browser's Referer header."""
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return fallback
    if referer.netloc != request.headers.get("host"):
        return fallback
    return local_path(referer.path + (f"?{referer.query}" if referer.query else ""), fallback)


def redirect_to_sign_in(request: Request) -> RedirectResponse:
    """Redirect to the sign-in page, which returns here afterwards."""
    query = request.scope["query_string"].decode("latin-1")
    requested = path_of(request) + (f"?{query}" if query else "")
    target = requested if request.method == "GET" else previous_page(request)
    return redirect_to(f"/sign-in?next={quote(target, safe='')}")
