"""Sign-in with an OpenID Connect provider."""

import secrets
from typing import Any

from fastapi import APIRouter, Request, Response

from container import Container
from domain.challenges import LIFETIME, ChallengeExpired
from domain.decisions import AccountSuspended
from domain.errors import DomainError, Unauthenticated
from domain.identities import ProviderRefused
from domain.ids import IdentityId
from domain.rate_limits import PROVIDER_SIGN_IN, SIGN_UP
from domain.services.provider_visits import UnknownIdentity, Visit
from domain.tokens import ConfirmationRequired
from domain.users import SignUp
from entrypoints.http.connection import site_of
from entrypoints.http.cookies import cookie_name
from entrypoints.http.dependencies import ContainerDep, CurrentSession, parse_id, require_session
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web import cookies
from entrypoints.web.applications import APPLICATION_FIELDS, application_of, application_values
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routes.second_step import end_sign_in, render_second_step
from entrypoints.web.routing import PageRoute
from entrypoints.web.sign_in_page import render_sign_in_page

router = APIRouter(route_class=PageRoute)

PROVIDER_COOKIE = "tintype_provider"
"""The cookie of the browser that began a sign-in with the provider. Only this browser can continue it."""
LINKS_PATH = "/settings/second-factors"


@router.get("/sign-in/provider")
async def begin(request: Request, container: ContainerDep) -> Response:
    """Redirect to the provider. A link and not a form: the policy of the pages lets forms lead to this site only."""
    await count_use(request, PROVIDER_SIGN_IN)
    browser = secrets.token_urlsafe(32)
    next_path = local_path(request.query_params.get("next"))
    session = await require_session(request.state.session) if request.query_params.get("link") else None
    try:
        url = await container.provider_sign_in().start(site_of(request), browser, next_path, session)
    except ConfirmationRequired:
        return redirect_to(LINKS_PATH)
    response = redirect_to(url)
    cookies.set_cookie(response, request, PROVIDER_COOKIE, browser, LIFETIME)
    return response


@router.get("/sign-in/provider/callback")
async def finish(request: Request, container: ContainerDep) -> Response:
    """Continue after the redirect from the provider."""
    await count_use(request, PROVIDER_SIGN_IN)
    sent, browser = request.query_params, request.cookies.get(cookie_name(request, PROVIDER_COOKIE), "")
    try:
        visit = await container.provider_sign_in().finish(
            site_of(request),
            browser,
            sent.get("state", ""),
            sent.get("code", ""),
            request.state.session,
            cookies.sign_in_origin(request),
        )
    except Unauthenticated as error:
        return await _render_refusal(request, error)
    if visit.unknown is not None:
        return await _render_unknown(request, container, _state_of(visit.unknown))
    return await _end(request, container, visit)


@router.post("/sign-in/provider/link")
async def link(request: Request, container: ContainerDep) -> Response:
    """Link the provider's account to the account here with its e-mail, after the password is confirmed."""
    form = form_of(request)
    origin = cookies.sign_in_origin(request)
    try:
        visit = await container.provider_sign_in().link(form.text("challenge"), form.text("password"), origin)
    except AccountSuspended:
        raise
    except ChallengeExpired as error:
        return await _render_refusal(request, error)
    except DomainError as error:
        return await _render_unknown(
            request, container, _state_of_form(form, is_known=True), Refusal.of(request, error)
        )
    return await _end(request, container, visit)


@router.post("/sign-in/provider/create")
async def create(request: Request, container: ContainerDep) -> Response:
    """Create an account for the provider's account."""
    form = form_of(request)
    try:
        newcomer = SignUp(form.text("username"), form.text("email"), form.text("password"))
        await count_use(request, SIGN_UP)
        await count_recipient(request, newcomer.email)
        origin = cookies.sign_in_origin(request)
        visit = await container.provider_sign_in().create_account(
            form.text("challenge"), newcomer, application_of(form), origin
        )
    except (ChallengeExpired, ProviderRefused) as error:
        return await _render_refusal(request, error)
    except DomainError as error:
        state = _state_of_form(form, is_known=False)
        return await _render_unknown(request, container, state, Refusal.of(request, error))
    return await _end(request, container, visit)


@router.post("/sign-in/provider/terms")
async def accept_terms(request: Request, container: ContainerDep) -> Response:
    """End the sign-in of a user who accepts new terms."""
    await count_use(request, PROVIDER_SIGN_IN)
    form, origin = form_of(request), cookies.sign_in_origin(request)
    try:
        visit = await container.provider_sign_in().accept_terms(
            form.text("challenge"), form.number("accepted_terms"), origin
        )
    except ChallengeExpired as error:
        return await _render_refusal(request, error)
    return await _end(request, container, visit)


@router.post("/settings/identities/remove")
async def unlink(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    identity_id = IdentityId(parse_id(form_of(request).text("identity_id"), "linked account"))
    try:
        await container.provider_sign_in().unlink(session, identity_id)
    except ConfirmationRequired:
        return redirect_to(LINKS_PATH)
    return redirect_to(f"{LINKS_PATH}?saved=unlinked")


async def _end(request: Request, container: Container, visit: Visit) -> Response:
    next_path = local_path(visit.next_path)
    if visit.required is not None:
        return await render_second_step(request, container, visit.required, next_path, None)
    if visit.terms is not None:
        return await render_page(request, "provider_terms.html", terms=visit.terms, refusal=NO_REFUSAL)
    if visit.issued is None:
        return redirect_to(f"{LINKS_PATH}?saved=linked")
    return await end_sign_in(request, container, visit.issued, next_path, None)


def _state_of(unknown: UnknownIdentity) -> dict[str, Any]:
    return {
        "challenge": unknown.challenge.secret,
        "email": unknown.email,
        "username": unknown.username,
        "is_known": unknown.is_known,
        "inputs": {},
    }


def _state_of_form(form: Form, *, is_known: bool) -> dict[str, Any]:
    names = ("challenge", "email", "username")
    inputs = {name: form.text(name) for name in APPLICATION_FIELDS}
    return {**{name: form.text(name) for name in names}, "is_known": is_known, "inputs": inputs}


async def _render_unknown(
    request: Request, container: Container, state: dict[str, Any], refusal: Refusal = NO_REFUSAL
) -> Response:
    values: dict[str, Any] = {
        "state": state,
        "inputs": state["inputs"],
        "refusal": refusal,
        **await application_values(container),
    }
    return await render_page(request, "provider.html", refusal.status, **values)


async def _render_refusal(request: Request, error: DomainError) -> Response:
    """Return the sign-in page with the reason."""
    refusal = Refusal(422, f"The sign-in with the provider failed: {error.detail}.")
    return await render_sign_in_page(request, refusal)
