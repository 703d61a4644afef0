"""Reports, decisions about oneself, and appeals."""

from fastapi import APIRouter, Request, Response

from container import Container
from domain.effects import Target, TargetKind
from domain.errors import DomainError, FieldError, Invalid, NotFound
from domain.rate_limits import APPEAL, REPORT
from domain.reports import Reason
from domain.tokens import Session
from entrypoints.http.dependencies import ContainerDep, CurrentSession, DecisionIdPath, parse_id
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web import cookies
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)

REASONS = {
    Reason.SPAM: "Spam or advertising",
    Reason.HARASSMENT: "Harassment",
    Reason.HATE: "Hate",
    Reason.VIOLENCE: "Violence",
    Reason.SEXUAL: "Sexual content",
    Reason.SELF_HARM: "Self-harm",
    Reason.PRIVACY: "Somebody's privacy",
    Reason.COPYRIGHT: "Copyright",
    Reason.ILLEGAL: "Illegal content",
    Reason.OTHER: "Something else",
}
"""The choices of the form. `review` is the service's own."""
PER_PAGE = 20


@router.get("/report")
async def report_page(request: Request, _session: CurrentSession) -> Response:
    """The form for a report."""
    target = _target(request.query_params.get("kind", ""), request.query_params.get("id", ""))
    return await _render_form(request, target, "", "", NO_REFUSAL)


@router.post("/report", dependencies=[rate_limit(REPORT)])
async def report(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form = form_of(request)
    target = _target(form.text("kind"), form.text("id"))
    reason, note = form.text("reason"), form.text("note")
    try:
        if reason not in REASONS:
            raise Invalid.of(FieldError("reason", "missing", "is missing; choose one"))
        await container.reporting().report(session.user_id, target, Reason(reason), note)
    except NotFound:
        raise
    except DomainError as error:
        return await _render_form(request, target, reason, note, Refusal.of(request, error))
    return redirect_to("/report/sent")


@router.get("/report/sent")
async def sent(request: Request, _session: CurrentSession) -> Response:
    return await render_page(request, "report_sent.html")


@router.get("/decisions")
async def decisions(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """What moderators decided about the user, and forms for appeals."""
    return await _render_decisions(request, container, session, NO_REFUSAL)


@router.post("/decisions/{decision_id}/appeal", dependencies=[rate_limit(APPEAL)])
async def appeal(
    request: Request, container: ContainerDep, session: CurrentSession, decision_id: DecisionIdPath
) -> Response:
    try:
        await container.appealing().appeal(session.user_id, decision_id, form_of(request).text("text"))
    except NotFound:
        raise
    except DomainError as error:
        return await _render_decisions(request, container, session, Refusal.of(request, error))
    return redirect_to("/decisions")


@router.get("/appeal")
async def suspension_page(request: Request) -> Response:
    """The appeal of a suspended user, who cannot sign in."""
    return await render_page(request, "appeal.html", name="", text="", sent=False, refusal=NO_REFUSAL)


@router.post("/appeal")
async def appeal_suspension(request: Request, container: ContainerDep) -> Response:
    form = form_of(request)
    name, text = form.text("username"), form.text("text")
    try:
        origin = cookies.sign_in_origin(request)
        authenticated = await container.signing_in().authenticate(name, form.text("password"), origin)
        await container.appealing().appeal_suspension(authenticated.user.id, text)
    except DomainError as error:
        refusal = Refusal.of(request, error)
        return await render_page(
            request, "appeal.html", refusal.status, name=name, text=text, sent=False, refusal=refusal
        )
    return await render_page(request, "appeal.html", name="", text="", sent=True, refusal=NO_REFUSAL)


def _target(kind: str, target_id: str) -> Target:
    """Return the target of a form. Raises `NotFound`."""
    if kind not in list(TargetKind):
        raise NotFound("there is no such page")
    return Target(TargetKind(kind), parse_id(target_id, kind))


async def _render_form(request: Request, target: Target, reason: str, note: str, refusal: Refusal) -> Response:
    return await render_page(
        request,
        "report.html",
        refusal.status,
        target=target,
        reasons=REASONS,
        reason=reason,
        note=note,
        refusal=refusal,
    )


async def _render_decisions(request: Request, container: Container, session: Session, refusal: Refusal) -> Response:
    scope = f"decisions/{session.user_id}"
    page = await container.appealing().decisions(session.user_id, page_request(request, scope, PER_PAGE))
    return await render_page(
        request, "decisions.html", refusal.status, decisions=list_page(request, page, scope), refusal=refusal
    )
