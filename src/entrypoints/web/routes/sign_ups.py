from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError, Invalid
from domain.ids import InviteId
from domain.invites import InviteRequest
from domain.rate_limits import INVITE, MODERATE_SIGN_UP
from entrypoints.http.dependencies import ContainerDep, ModeratorSession, parse_id
from entrypoints.http.rate_limiting import count_use, rate_limit
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/moderation/sign-ups")
async def sign_ups(request: Request, container: ContainerDep, _: ModeratorSession) -> Response:
    """The accounts that wait for approval."""
    page = await container.signing_up().pending(page_request(request, "sign-ups", 20))
    return await render_page(request, "sign_ups.html", people=list_page(request, page, "sign-ups"))


@router.post("/moderation/sign-ups", dependencies=[rate_limit(MODERATE_SIGN_UP)])
async def decide_sign_up(request: Request, container: ContainerDep, session: ModeratorSession) -> Response:
    """Approve or refuse a sign-up."""
    form, signing_up = form_of(request), container.signing_up()
    decisions = {"approve": signing_up.approve, "refuse": signing_up.refuse}
    decide = decisions.get(form.text("decision"))
    if decide is None:
        raise Invalid("the decision must be approve or refuse; nothing was changed", field="decision")
    await decide(form.text("username"), session.moderator)
    return redirect_to("/moderation/sign-ups")


@router.get("/invites")
async def invites(request: Request, container: ContainerDep, _: ModeratorSession) -> Response:
    """All invitations, and a form for a new one."""
    return await _render_invites(request, container)


@router.post("/invites")
async def create_invite(request: Request, container: ContainerDep, session: ModeratorSession) -> Response:
    form = form_of(request)
    try:
        invite_request = InviteRequest(_number(form, "max_uses"), _number(form, "days"))
        await count_use(request, INVITE)
    except DomainError as error:
        inputs = {name: form.text(name) for name in ("max_uses", "days")}
        return await _render_invites(request, container, Refusal.of(request, error), inputs)
    await container.inviting().create(invite_request, session.moderator)
    return redirect_to("/invites")


@router.post("/invites/delete")
async def delete_invite(request: Request, container: ContainerDep, session: ModeratorSession) -> Response:
    invite_id = InviteId(parse_id(form_of(request).text("invite_id"), "invite"))
    await container.inviting().delete(invite_id, session.moderator)
    return redirect_to("/invites")


async def _render_invites(
    request: Request, container: Container, refusal: Refusal = NO_REFUSAL, inputs: dict[str, str] | None = None
) -> Response:
    page = list_page(request, await container.inviting().all_invites(page_request(request, "invites", 20)), "invites")
    inputs = inputs or {"max_uses": "1", "days": "7"}
    return await render_page(request, "invites.html", refusal.status, invites=page, inputs=inputs, refusal=refusal)


def _number(form: Form, name: str) -> int:
    text = form.text(name)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 — above any bound
