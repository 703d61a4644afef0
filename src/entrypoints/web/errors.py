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
from domain.tokens import Session
from entrypoints.rest import errors as problems
from entrypoints.rest.paging import first_page
from entrypoints.rest.validation import field_errors
from entrypoints.web.forgery import StaleForm
from entrypoints.web.forms import form_of
from entrypoints.web.redirects import came_from, local, see, to_sign_in
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.resending import SentForm, again, sign_in_first

logger = logging.getLogger("tintype.web")

ENTRANCES = {"/sign-in", "/sign-up"}
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
    error = _in_domain_words(error)
    if isinstance(error, DomainError):
        request.scope[problems.CODE_KEY] = error.code
    match error:
        case ClientDisconnect():
            return problems.cut_off(request)
        case Unauthenticated() if not is_partial(request):
            return await sign_in_first(request) if SentForm.of(request).holds_words else to_sign_in(request)
        case StaleForm() as stale if not is_partial(request):
            return await _ask_again(request, stale)
        case DomainError() as refusal:
            return await answer(request, refusal)
    asked = problems.request_id(request)
    logger.error("request %s failed: %s %s", asked, request.method, request.url.path, exc_info=error)
    return await fault(request)


def _in_domain_words(error: Exception) -> Exception:
    """The error; one of the framework's in the domain's words."""
    match error:
        case RequestValidationError():
            return Invalid.of(*field_errors(error.errors()))
        case HTTPException():  # Starlette's, of a form that it cannot read
            return problems.MalformedBody(f"the form cannot be read: {error.detail}")
    return error


async def _ask_again(request: Request, error: StaleForm) -> Response:
    session: Session | None = request.state.session
    if session and request.url.path in ENTRANCES:  # one who is in already is led on
        return see(local(form_of(request).text("next")))
    who = f"You are signed in as @{session.username}. " if session else ""
    sent = SentForm.of(request)
    return await again(request, sent, who + _sentence(error), problems.status_of(error), came_from(request))


async def answer(request: Request, error: DomainError) -> Response:
    """A page, or a problem where a script asks."""
    if is_partial(request):
        return problems.respond(request, error)
    problems.note(request, error)
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
