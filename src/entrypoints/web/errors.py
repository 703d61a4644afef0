"""Error pages."""

import contextlib
import logging
from http import HTTPStatus

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from domain.decisions import AccountSuspended
from domain.errors import DomainError, Invalid, NotFound, TooMany, Unauthenticated, Unavailable
from domain.pages import CursorExpired
from domain.roles import RoleRequired
from domain.sign_ups import AccountPending
from domain.tokens import Session
from entrypoints.http import errors as problems
from entrypoints.http.log_paths import loggable_path
from entrypoints.http.paging import first_page_link
from entrypoints.http.validation import field_errors
from entrypoints.web.csrf import StaleForm
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.redirects import local_path, previous_page, redirect_to, redirect_to_sign_in
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.resubmission import SentForm, render_sent_form, render_sign_in

logger = logging.getLogger("tintype.web")

SIGN_IN_PATHS = {"/sign-in", "/sign-up"}
TITLES = {
    400: "Malformed request",
    403: "Not allowed",
    404: "Page not found",
    405: "Method not allowed",
    410: "The list has changed",
    413: "Too large",
    429: "Too many requests",
    503: "Temporarily unavailable",
}


async def handle_error(request: Request, error: Exception) -> Response:
    """Return the response for any error of a page."""
    error = _to_domain_error(error)
    if isinstance(error, DomainError):
        request.scope[problems.CODE_KEY] = error.code
    match error:
        case ClientDisconnect():
            return problems.incomplete_body(request)
        case Unauthenticated() if not is_partial(request):
            return await render_sign_in(request) if SentForm.of(request).has_text else redirect_to_sign_in(request)
        case (AccountSuspended() | AccountPending()) as refusal if not is_partial(request):
            return await _render_account_state(request, refusal)
        case StaleForm() as stale if not is_partial(request):
            return await _offer_resubmission(request, stale)
        case DomainError() as refusal:
            return await render_error(request, refusal)
    request_id = problems.request_id(request)
    path = loggable_path(request.url.path)
    logger.error("request %s failed: %s %s", request_id, request.method, path, exc_info=error)
    return await render_internal_error(request)


def _to_domain_error(error: Exception) -> Exception:
    """Return the error, converting the framework's errors to domain errors."""
    match error:
        case RequestValidationError():
            return Invalid.of(*field_errors(error.errors()))
        case HTTPException():  # Starlette's error for a form that it cannot read
            return problems.MalformedBody(f"the form cannot be read: {error.detail}")
        case RoleRequired():  # a page that the user may not see
            return NotFound("there is no such page")
    return error


async def _render_account_state(request: Request, error: AccountSuspended | AccountPending) -> Response:
    """Return the page on which a suspended user, who cannot sign in, appeals, or that of an applicant who waits."""
    if isinstance(error, AccountPending):
        return await render_page(request, "pending.html", HTTPStatus.FORBIDDEN.value, refusal=NO_REFUSAL)
    name = form_of(request).text("username") if hasattr(request.state, "sent") else ""
    refusal = Refusal.of(request, error)
    return await render_page(request, "appeal.html", refusal.status, name=name, text="", sent=False, refusal=refusal)


async def _offer_resubmission(request: Request, error: StaleForm) -> Response:
    session: Session | None = request.state.session
    if session and request.url.path in SIGN_IN_PATHS:  # a user who is signed in already is redirected
        return redirect_to(local_path(form_of(request).text("next")))
    who = f"You are signed in as @{session.username}. " if session else ""
    sent = SentForm.of(request)
    return await render_sent_form(
        request, sent, who + _error_sentence(error), problems.status_of(error), previous_page(request)
    )


async def render_error(request: Request, error: DomainError) -> Response:
    """Return a page, or a problem for requests by scripts."""
    if is_partial(request):
        return problems.respond(request, error)
    problems.note(request, error)
    status = problems.status_of(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return await render_internal_error(request)
    restart = first_page_link(request) if isinstance(error, CursorExpired) else None
    response = await render_error_page(request, status, _error_sentence(error), restart)
    if isinstance(error, TooMany | Unavailable):
        response.headers.update(problems.headers_of(error))
    return response


async def render_error_page(request: Request, status: int, detail: str, restart: str | None = None) -> Response:
    title = TITLES.get(status, "Error")
    values = {"title": title, "detail": detail, "restart": restart, "status": status}
    with contextlib.suppress(Unavailable):
        return await render_page(request, "error.html", status, **values)
    return render(request, "error.html", status, **values)  # the session cannot be read at the moment


async def render_internal_error(request: Request) -> Response:
    """Return the page for an internal error. It contains only the request id, under which the log has the details."""
    request_id = problems.request_id(request)
    if is_partial(request):
        return problems.internal_error(request_id)
    detail = f"This is an internal error of Tintype. The server log has details under request {request_id}."
    return render(request, "error.html", 500, title="Internal error", detail=detail, restart=None, status=500)


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Handle Starlette's own errors: a page for browsers, a problem for other clients."""
    status = getattr(error, "status_code", 500)
    reads_pages = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1")
    if not reads_pages or is_partial(request) or status not in TITLES:
        return await problems.handle_http_error(request, error)
    detail = "There is no such page." if status == HTTPStatus.NOT_FOUND else "The page does not accept this method."
    return await render_error_page(request, status, detail)


def _error_sentence(error: DomainError) -> str:
    text = error.detail
    if isinstance(error, Invalid) and error.errors:
        text = "; ".join(f"{one.field.replace('_', ' ')} {one.detail}" for one in error.errors)
    if isinstance(error, NotFound):
        text = text.removesuffix("; ids are given by the server and taken as they are")
    return f"{text[:1].upper()}{text[1:]}."
