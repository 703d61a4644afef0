"""Errors as pages: what was wrong, and the way on."""

import contextlib
import logging
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from domain.errors import DomainError, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from domain.pages import CursorExpired
from entrypoints.rest import errors as problems
from entrypoints.rest.middleware import loggable
from entrypoints.rest.paging import first_page
from entrypoints.rest.validation import field_errors
from entrypoints.web.redirects import to_sign_in
from entrypoints.web.rendering import bare, is_partial, page

logger = logging.getLogger("tintype.web")

TITLES = {
    400: "That could not be read",
    403: "That is not yours to do",
    404: "Nothing here",
    405: "Not like that",
    410: "The list has moved on",
    413: "Too large",
    429: "Too often",
    503: "Busy just now",
}


async def met(request: Request, error: Exception) -> Response:
    """Whatever kept a page from being made."""
    match error:
        case ClientDisconnect():
            return problems.cut_off(request)
        case Unauthenticated() if not is_partial(request):
            return to_sign_in(request)
        case DomainError():
            return await answer(request, error)
        case RequestValidationError():
            return await answer(request, Invalid.of(*field_errors(error.errors())))
        case HTTPException():  # Starlette's, of a form that it cannot read
            return await answer(request, problems.MalformedBody(f"the form cannot be read: {error.detail}"))
    asked = problems.request_id(request)
    logger.error("request %s failed: %s %s", asked, request.method, loggable(request.url.path), exc_info=error)
    return await fault(request)


async def answer(request: Request, error: DomainError) -> Response:
    """A page, or a problem where a script asks."""
    if is_partial(request):
        return problems.respond(request, error)
    if error.for_operator != error.detail:
        logger.warning("request %s was refused: %s", problems.request_id(request), error.for_operator)
    status = problems.status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return await fault(request)
    restart = first_page(request) if isinstance(error, CursorExpired) else None
    response = await told(request, status, _sentence(error), restart)
    if isinstance(error, TooMany | Unavailable):
        response.headers.update(problems.headers_of(error))
    return response


async def told(request: Request, status: int, detail: str, restart: str | None = None) -> Response:
    title = TITLES.get(status, "That did not work")
    values = {"title": title, "detail": detail, "restart": restart, "status": status}
    with contextlib.suppress(Unavailable):
        return await page(request, "error.html", status, **values)
    return bare(request, "error.html", status, **values)  # who is signed in cannot be told just now


async def fault(request: Request) -> Response:
    """A fault of ours: nothing of its inside, but the way to find it."""
    asked = problems.request_id(request)
    if is_partial(request):
        return problems.unexpected(asked)
    detail = f"This is a fault of Tintype's, and none of yours. The operator finds it in the log under request {asked}."
    return bare(request, "error.html", 500, title="Tintype failed", detail=detail, restart=None, status=500)


async def http_error(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: a page for who reads pages, a problem for everybody else."""
    status = getattr(error, "status_code", 500)
    reads_pages = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1")
    if not reads_pages or is_partial(request) or status not in TITLES:
        return await problems.http_error(request, error)
    detail = "There is no such page." if status == HTTPStatus.NOT_FOUND else "The page does not take this."
    return await told(request, status, detail)


def _sentence(error: DomainError) -> str:
    found = error.detail
    if isinstance(error, Invalid) and error.errors:
        found = "; ".join(f"{one.field.replace('_', ' ')} {one.detail}" for one in error.errors)
    if isinstance(error, NotFound):
        found = found.removesuffix("; ids are given by the server and taken as they are")
    return f"{found[:1].upper()}{found[1:]}."
