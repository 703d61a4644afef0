import contextlib

from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError, NotFound
from domain.ids import UserId
from domain.rate_limits import SIGN_UP, RateLimited
from domain.second_factors import SecondFactorRequired
from domain.tokens import WrongCredentials
from domain.users import SignUp
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web import cookies
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.idempotency import run_once
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.resubmission import SentForm
from entrypoints.web.routes.second_step import end_sign_in, render_second_step
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/sign-in")
async def sign_in_page(request: Request, viewer: Viewer) -> Response:
    next_path = local_path(request.query_params.get("next"))
    if viewer:
        return redirect_to(next_path)
    return await render_page(request, "sign_in.html", next_path=next_path, name="", sent=None, refusal=NO_REFUSAL)


@router.post("/sign-in")
async def sign_in(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    name, next_path = form.text("username"), local_path(form.text("next"))
    sent = SentForm.parse(form.text("sent_to"), form.text("sent"))
    try:
        issued = await container.signing_in().sign_in(name, form.text("password"), cookies.sign_in_origin(request))
    except RateLimited as error:
        refusal = Refusal.of(request, error)
        return await render_page(
            request, "sign_in.html", 429, next_path=next_path, name=name, sent=sent, refusal=refusal
        )
    except SecondFactorRequired as required:
        return await render_second_step(request, container, required, next_path, sent)
    except WrongCredentials:
        refusal = Refusal(422, "The username (or e-mail) or the password is wrong. Check both and try again.")
        values = {"next_path": next_path, "name": name, "sent": sent}
        return await render_page(request, "sign_in.html", refusal.status, refusal=refusal, **values)
    return await end_sign_in(request, container, issued, next_path, sent)


@router.get("/sign-up")
async def sign_up_page(request: Request, viewer: Viewer) -> Response:
    next_path = local_path(request.query_params.get("next"))
    if viewer:
        return redirect_to(next_path)
    return await render_page(request, "sign_up.html", next_path=next_path, inputs={}, refusal=NO_REFUSAL)


@router.post("/sign-up")
async def sign_up(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    next_path = local_path(form.text("next"))
    inputs = {name: form.text(name) for name in ("username", "email", "display_name")}
    try:
        new_user = SignUp(
            inputs["username"], inputs["email"], form.text("password"), inputs["display_name"].strip() or None
        )
        await run_once(request, lambda: _open_account(request, container, new_user))
    except DomainError as error:
        refusal = Refusal.of(request, error)
        return await render_page(
            request, "sign_up.html", refusal.status, next_path=next_path, inputs=inputs, refusal=refusal
        )
    origin = cookies.sign_in_origin(request)
    issued = await container.signing_in().sign_in(new_user.username, new_user.password, origin)
    return await end_sign_in(request, container, issued, next_path, None)


async def _open_account(request: Request, container: Container, new_user: SignUp) -> UserId:
    await count_use(request, SIGN_UP)
    await count_recipient(request, new_user.email)
    return (await container.accounts().register(new_user)).user.id


@router.post("/sign-out")
async def sign_out(request: Request, container: ContainerDep) -> Response:
    session = request.state.session
    if session:
        with contextlib.suppress(NotFound):  # the session was revoked elsewhere meanwhile
            await container.signing_in().revoke(session.user_id, session.token_id)
    response = redirect_to("/")
    cookies.sign_out(response, request)
    return response
