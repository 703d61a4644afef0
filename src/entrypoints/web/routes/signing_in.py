import contextlib
import json
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response

from container import Container
from domain.decisions import AccountSuspended
from domain.errors import DomainError, NotFound
from domain.ids import UserId
from domain.rate_limits import SIGN_UP, RateLimited
from domain.sign_ups import Application
from domain.terms import TermsNotAccepted
from domain.tokens import IssuedToken, TokenRequest, WrongCredentials
from domain.users import SignUp
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web import cookies
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.idempotency import run_once
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.resubmission import SentForm, render_sent_form
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
async def sign_in_page(request: Request, viewer: Viewer) -> Response:
    next_path = local_path(request.query_params.get("next"))
    if viewer:
        return redirect_to(next_path)
    return await _render_sign_in(request, NO_REFUSAL, next_path=next_path)


@router.post("/sign-in")
async def sign_in(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    name, next_path = form.text("username"), local_path(form.text("next"))
    sent = SentForm.parse(form.text("sent_to"), form.text("sent"))
    accepted, values = _accepted_terms(form), {"next_path": next_path, "name": name, "sent": sent}
    try:
        issued = await container.signing_in().sign_in(
            name, form.text("password"), cookies.sign_in_origin(request), TokenRequest(accepted_terms=accepted)
        )
    except AccountSuspended as error:
        refusal = Refusal.of(request, error)
        return await render_page(
            request, "appeal.html", refusal.status, name=name, text="", sent=False, refusal=refusal
        )
    except RateLimited as error:
        return await _render_sign_in(request, Refusal.of(request, error), terms=accepted, **values)
    except TermsNotAccepted as error:
        refusal = Refusal(422, f"The terms have changed: accept version {error.version}, and enter the password again.")
        return await _render_sign_in(request, refusal, terms=error.version, **values)
    except WrongCredentials:
        refusal = Refusal(422, "The username (or e-mail) or the password is wrong. Check both and try again.")
        return await _render_sign_in(request, refusal, terms=accepted, **values)
    return await _resume_form(request, container, issued, sent) if sent else _start_session(request, issued, next_path)


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
    inputs = {name: form.text(name) for name in ("username", "email", "display_name", "invite", "reason")}
    try:
        new_user = SignUp(
            inputs["username"], inputs["email"], form.text("password"), inputs["display_name"].strip() or None
        )
        invite = inputs["invite"].strip() or None
        application = Application(invite, inputs["reason"], _accepted_terms(form), form.text("altcha") or None)
        await run_once(request, lambda: _open_account(request, container, new_user, application))
    except DomainError as error:
        return await _render_sign_up(request, container, next_path, inputs, Refusal.of(request, error))
    origin = cookies.sign_in_origin(request)
    issued = await container.signing_in().sign_in(new_user.username, new_user.password, origin)
    return _start_session(request, issued, next_path)


async def _render_sign_in(request: Request, refusal: Refusal, **values: Any) -> Response:
    defaults = {"name": "", "sent": None, "terms": None, "refusal": refusal}
    return await render_page(request, "sign_in.html", refusal.status, **{**defaults, **values})


def _accepted_terms(form: Form) -> int | None:
    text = form.text("accepted_terms")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 — an integer


async def _open_account(request: Request, container: Container, new_user: SignUp, application: Application) -> UserId:
    await count_use(request, SIGN_UP)
    await count_recipient(request, new_user.email)
    return (await container.signing_up().sign_up(new_user, application)).user.id


async def _render_sign_up(
    request: Request, container: Container, next_path: str, inputs: dict[str, str], refusal: Refusal
) -> Response:
    signing_up, terms = container.signing_up(), await container.terms_publishing().current()
    challenge = signing_up.create_challenge()
    values: dict[str, Any] = {
        "mode": signing_up.mode,
        "terms": terms.version if terms else None,
        "challenge": json.dumps(asdict(challenge)) if challenge else None,
    }
    values |= {"next_path": next_path, "inputs": inputs, "refusal": refusal}
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


async def _resume_form(request: Request, container: Container, issued: IssuedToken, sent: SentForm) -> Response:
    """Return the response after sign-in, with the form that was submitted before."""
    request.state.session = await container.signing_in().session(issued.secret)
    request.state.issued_secret = issued.secret
    response = await render_sent_form(request, sent, "You are signed in. Check the form, then send it.")
    cookies.sign_in(response, request, issued)
    return response


def _start_session(request: Request, issued: IssuedToken, next_path: str) -> Response:
    response = redirect_to(next_path)
    cookies.sign_in(response, request, issued)
    return response
