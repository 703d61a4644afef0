from datetime import timedelta

from fastapi import APIRouter, Request, Response

from domain.errors import DomainError, FieldError, Invalid
from domain.scopes import parse_scopes
from domain.token_requests import TokenRequest
from domain.tokens import WrongCredentials
from entrypoints.http.dependencies import ContainerDep, CurrentSession
from entrypoints.web import cookies
from entrypoints.web.forms import Form, Refusal, form_of
from entrypoints.web.routes.settings import render_settings
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/settings/tokens", route_class=PageRoute)


@router.post("")
async def create(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Create a token for a program. This page alone shows it."""
    form = form_of(request)
    try:
        origin = cookies.sign_in_origin(request)
        issued = await container.signing_in().create_token(session, form.text("password"), origin, _token_request(form))
    except DomainError as error:
        inputs = {"token_name": form.text("name"), "scopes": form.texts("scopes"), "days": form.text("days")}
        refusal = Refusal.of(request, error)
        if isinstance(error, WrongCredentials):
            refusal = Refusal(422, fields={"token_password": "This is not your password; no token was created."})
        return await render_settings(request, container, session, "tokens", refusal, typed=inputs)
    return await render_settings(request, container, session, secret=issued.secret)


def _token_request(form: Form) -> TokenRequest:
    name, days = form.text("name").strip(), form.text("days")
    if not name:
        raise Invalid.of(FieldError("name", "missing", "is missing"))
    if not (days.isascii() and days.isdecimal() and len(days) < 5):  # noqa: PLR2004 — more days are refused anyway
        raise Invalid.of(FieldError("expires_in", "bad_format", "is not a number of days"))
    return TokenRequest(name, parse_scopes(" ".join(form.texts("scopes"))), timedelta(days=int(days)))
