from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

from fastapi import APIRouter, Request, Response

from domain.consent import CaptionChoice
from domain.errors import DomainError
from domain.ids import TokenId
from domain.pages import PageRequest
from domain.posts import SensitiveMedia
from domain.rate_limits import PROVE_EMAIL, UPLOAD
from domain.scopes import ALL_SCOPES, scopes_of_role
from domain.tokens import Session, WrongCredentials
from domain.users import ProfileChanges, validate_email
from entrypoints.http.dependencies import AnySession, ContainerDep, CurrentSession, parse_id
from entrypoints.http.rate_limiting import count_recipient, count_use
from entrypoints.web import cookies
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.redirects import local_path, redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import ImageFormRoute, PageRoute

router = APIRouter(prefix="/settings", route_class=PageRoute)
image_router = APIRouter(prefix="/settings", route_class=ImageFormRoute)

SAVED_MESSAGES = {
    "profile": "Your profile has been saved.",
    "captions": "Your choice has been saved.",
    "email": "Links to confirm the change are on their way.",
    "proof": "A new link is on its way.",
    "password": "Your password has been changed. All other sessions have ended.",
}
LONG_PAGE = PageRequest(100)


@router.get("")
async def settings(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """The settings of the user's own account."""
    return await render_settings(
        request, container, session, saved=SAVED_MESSAGES.get(request.query_params.get("saved", ""))
    )


@image_router.post("/profile")
async def edit(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    try:
        changes = await _read_changes(request, container, session, form)
        await container.accounts().edit_profile(session.user_id, changes)
    except DomainError as error:
        typed = {"display_name": form.text("display_name"), "bio": form.text("bio")}
        return await render_settings(request, container, session, "profile", Refusal.of(request, error), typed=typed)
    return redirect_to("/settings?saved=profile")


async def _read_changes(request: Request, container: ContainerDep, session: Session, form: Form) -> ProfileChanges:
    user = (await container.accounts().profile(session.username, session.user_id)).user
    typed = form.text("display_name")
    # A name that violates newer rules is accepted as long as it is not changed.
    changes = ProfileChanges(
        None if typed == user.display_name else typed,
        form.text("bio"),
        remove_avatar="remove_avatar" in form,
        private="private" in form,
        follow_approval="follow_approval" in form,
        default_visibility=form.choice("default_visibility", user.default_visibility),
        sensitive_media=SensitiveMedia.SHOW if "show_sensitive" in form else SensitiveMedia.BLUR,
    )
    files = form.files("avatar")
    if files and "remove_avatar" not in form:
        await count_use(request, UPLOAD)
        image = await container.uploading().upload(session.user_id, await files[0].read())
        return replace(changes, avatar_image_id=image.id)
    return changes


@router.post("/captions")
async def decide_captions(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Store who may describe the user's images. The form is also on the page of a new post."""
    form = form_of(request)
    try:
        choice = form.choice("captions", CaptionChoice.NONE)
        await container.consenting().decide(session.user_id, choice, followers_only="followers_only" in form)
    except DomainError as error:
        return await render_settings(request, container, session, "captions", Refusal.of(request, error))
    return redirect_to(local_path(form.text("next"), "/settings?saved=captions"))


@router.post("/password")
async def change_password(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    try:
        await container.signing_in().change_password(session, form.text("current"), form.text("new"))
    except DomainError as error:
        return await render_settings(request, container, session, "password", Refusal.of(request, error))
    return redirect_to("/settings?saved=password")


@router.post("/email/proof")
async def request_proof(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Send another link to the user's address."""
    profile = await container.accounts().profile(session.username, session.user_id)
    try:
        await count_use(request, PROVE_EMAIL)
        await count_recipient(request, profile.user.email)
        await container.email_proofs().request(session.user_id)
    except DomainError as error:
        return await render_settings(request, container, session, "email", Refusal.of(request, error))
    return redirect_to("/settings?saved=proof#email-address")


@router.post("/email")
async def change_email(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    try:
        await count_use(request, PROVE_EMAIL)
        address = validate_email(form.text("email"))
        await container.signing_in().confirm_password(session.user_id, form.text("current"))
        await count_recipient(request, address)
        await container.email_proofs().request_change(session.user_id, address)
    except DomainError as error:
        wrong = Refusal(422, fields={"email_current": "This is not your password; nothing was changed."})
        refusal = wrong if isinstance(error, WrongCredentials) else Refusal.of(request, error)
        return await render_settings(request, container, session, "email", refusal, typed={"email": form.text("email")})
    return redirect_to("/settings?saved=email#email-address")


@router.post("/sessions/end")
async def end_session(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    token_id = TokenId(parse_id(form_of(request).text("token_id"), "session"))
    await container.signing_in().revoke(session.user_id, token_id)
    return redirect_to("/settings#sessions")


@router.post("/sessions/end-all")
async def end_all_sessions(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Revoke all sessions, including this one."""
    await container.signing_in().revoke_all(session.user_id)
    response = redirect_to("/sign-in")
    cookies.sign_out(response, request)
    return response


@router.post("/delete")
async def leave(request: Request, container: ContainerDep, session: AnySession) -> Response:
    """Delete the account after the password is confirmed."""
    try:
        await container.signing_in().confirm_password(session.user_id, form_of(request).text("password"))
    except WrongCredentials:
        refusal = Refusal(422, fields={"confirm": "This is not your password; nothing was deleted."})
        if session.is_pending:
            return await render_page(request, "pending.html", refusal.status, refusal=refusal)
        return await render_settings(request, container, session, "delete", refusal)
    await container.accounts().delete(session.user_id)
    response = redirect_to("/")
    cookies.sign_out(response, request)
    return response


async def render_settings(
    request: Request,
    container: ContainerDep,
    session: Session,
    refused: str = "",
    refusal: Refusal = NO_REFUSAL,
    *,
    typed: Mapping[str, object] = MappingProxyType({}),
    saved: str | None = None,
    secret: str | None = None,
) -> Response:
    me, signing_in, blocking = session.user_id, container.signing_in(), container.blocking()
    profile = await container.accounts().profile(session.username, me)
    values = {
        "profile": profile,
        "inputs": {
            "display_name": profile.user.display_name,
            "bio": profile.user.bio,
            "token_name": "",
            "scopes": ["read"],
            "days": "90",
        }
        | dict(typed),
        "change": await container.email_proofs().pending_change(me),
        "tokens": (await signing_in.tokens(me, LONG_PAGE)).items,
        "current": session.token_id,
        "scopes_of": partial(scopes_of_role, role=session.role),
        "scopes": scopes_of_role(ALL_SCOPES, session.role),
        "secret": secret,
        "blocked": (await blocking.list_blocked(me, LONG_PAGE)).items,
        "muted": (await blocking.list_muted(me, LONG_PAGE)).items,
        "consent": await container.consenting().get(me),
        "writers": container.consenting().writers,
        "saved": saved,
        "refusal": refusal,
        "refusals": {refused: refusal},
        "no_refusal": NO_REFUSAL,
    }
    return await render_page(request, "settings.html", refusal.status, **values)
