import contextlib
from typing import Any

from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError, NotFound
from domain.ids import UserId
from domain.rate_limits import SIGN_UP, RateLimited
from domain.second_factors import SecondFactorRequired
from domain.sign_ups import Application
from domain.terms import TermsNotAccepted
from domain.token_requests import TokenRequest
from domain.tokens import WrongCredentials
from domain.users import SignUp
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web import cookies
from entrypoints.web.applications import APPLICATION_FIELDS, application_of, application_values
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.idempotency import run_once
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.resubmission import SentForm
from entrypoints.web.routes.second_step import end_sign_in, render_second_step
from entrypoints.web.routing import PageRoute
from entrypoints.web.sign_in_page import render_sign_in_page

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
async def sign_in_page(request: Request, viewer: Viewer) -> Response:
    next_path = local_path(request.query_params.get("next"))
    if viewer:
        return redirect_to(next_path)
    return await render_sign_in_page(request, next_path=next_path)


@router.post("/sign-in")
async def sign_in(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    name, next_path = form.text("username"), local_path(form.text("next"))
    sent = SentForm.parse(form.text("sent_to"), form.text("sent"))
    accepted, values = form.number("accepted_terms"), {"next_path": next_path, "name": name, "sent": sent}
    try:
        issued = await container.signing_in().sign_in(
            name, form.text("password"), cookies.sign_in_origin(request), TokenRequest(accepted_terms=accepted)
        )
    except RateLimited as error:
        return await render_sign_in_page(request, Refusal.of(request, error), terms=accepted, **values)
    except TermsNotAccepted as error:
        refusal = Refusal(422, f"The terms have changed: accept version {error.version}, and enter the password again.")
        return await render_sign_in_page(request, refusal, terms=error.version, **values)
    except SecondFactorRequired as required:
        return await render_second_step(request, container, required, next_path, sent)
    except WrongCredentials:
        refusal = Refusal(422, "The username (or e-mail) or the password is wrong. Check both and try again.")
        return await render_sign_in_page(request, refusal, terms=accepted, **values)
    return await end_sign_in(request, container, issued, next_path, sent)


@router.get("/sign-up")
async def sign_up_page(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    next_path = local_path(request.query_params.get("next"))
    if viewer:
        return redirect_to(next_path)
    inputs = {"invite": request.query_params.get("invite", "")}
    return await _render_sign_up(request, container, next_path, inputs, NO_REFUSAL)


@router.post("/sign-up")
async def sign_up(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    next_path = local_path(form.text("next"))
    inputs = {name: form.text(name) for name in ("username", "email", "display_name", *APPLICATION_FIELDS)}
    try:
        new_user = SignUp(
            inputs["username"], inputs["email"], form.text("password"), inputs["display_name"].strip() or None
        )
        await run_once(request, lambda: _open_account(request, container, new_user, application_of(form)))
    except DomainError as error:
        return await _render_sign_up(request, container, next_path, inputs, Refusal.of(request, error))
    origin = cookies.sign_in_origin(request)
    issued = await container.signing_in().sign_in(new_user.username, new_user.password, origin)
    return await end_sign_in(request, container, issued, next_path, None)


async def _open_account(request: Request, container: Container, new_user: SignUp, application: Application) -> UserId:
    await count_use(request, SIGN_UP)
    await count_recipient(request, new_user.email)
    return (await container.signing_up().sign_up(new_user, application)).user.id


async def _render_sign_up(
    request: Request, container: Container, next_path: str, inputs: dict[str, str], refusal: Refusal
) -> Response:
    values: dict[str, Any] = {
        "next_path": next_path,
        "inputs": inputs,
        "refusal": refusal,
        **await application_values(container),
    }
    return await render_page(request, "sign_up.html", refusal.status, **values)


@router.post("/sign-out")
async def sign_out(request: Request, container: ContainerDep) -> Response:
    session = request.state.session
    if session:
        with contextlib.suppress(NotFound):  # the session was revoked elsewhere meanwhile
            await container.signing_in().revoke(session.user_id, session.token_id)
    response = redirect_to("/")
    cookies.sign_out(response, request)
    return response
