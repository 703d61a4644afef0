"""The pages of moderators: the queue of reports, appeals and the audit log."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from container import Container
from domain.appeals import Outcome
from domain.decisions import TargetNotFound
from domain.effects import EFFECTS, Effect, NewDecision, Target
from domain.errors import DomainError, FieldError, Invalid
from domain.ids import ReportGroupId, UserId
from domain.pages import PageRequest
from domain.rate_limits import MODERATE
from domain.tokens import Session
from entrypoints.http.dependencies import ContainerDep, DecisionIdPath, ModeratorSession, ReportGroupIdPath
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/moderation", route_class=PageRoute)

PER_PAGE = 20
REPORTS = PageRequest(20)


@router.get("")
async def queue(request: Request, container: ContainerDep, _session: ModeratorSession) -> Response:
    """Open reports, grouped by target."""
    scope = "moderation/reports"
    page = await container.moderating().queue(page_request(request, scope, PER_PAGE))
    return await render_page(request, "moderation.html", groups=list_page(request, page, scope))


@router.get("/reports/{group_id}")
async def group(
    request: Request, container: ContainerDep, session: ModeratorSession, group_id: ReportGroupIdPath
) -> Response:
    """A group of reports with its context, and the form for a decision."""
    return await _render_group(request, container, session, group_id, NO_REFUSAL)


@router.post("/reports/{group_id}", dependencies=[rate_limit(MODERATE)])
async def decide(
    request: Request, container: ContainerDep, session: ModeratorSession, group_id: ReportGroupIdPath
) -> Response:
    """Decide about the target of a group."""
    target = (await container.moderating().group(group_id)).target
    try:
        new = _new_decision(form_of(request), target, container.clock().now())
        await container.moderating().decide(session.moderator, new)
    except TargetNotFound:  # the group is closed now
        return redirect_to("/moderation")
    except DomainError as error:
        return await _render_group(request, container, session, group_id, Refusal.of(request, error))
    return redirect_to("/moderation")


@router.get("/appeals")
async def appeals(request: Request, container: ContainerDep, _session: ModeratorSession) -> Response:
    """Decisions with an open appeal."""
    return await _render_appeals(request, container, NO_REFUSAL)


@router.post("/appeals/{decision_id}", dependencies=[rate_limit(MODERATE)])
async def answer(
    request: Request, container: ContainerDep, session: ModeratorSession, decision_id: DecisionIdPath
) -> Response:
    """Decide about an appeal."""
    form = form_of(request)
    outcome = Outcome.GRANTED if form.text("outcome") == Outcome.GRANTED else Outcome.UPHELD
    try:
        await container.appealing().decide(session.moderator, decision_id, outcome, form.text("answer"))
    except DomainError as error:
        return await _render_appeals(request, container, Refusal.of(request, error))
    return redirect_to("/moderation/appeals")


@router.get("/log")
async def log(request: Request, container: ContainerDep, _session: ModeratorSession) -> Response:
    """The audit log."""
    scope = "moderation/log"
    page = await container.moderating().log(page_request(request, scope, PER_PAGE))
    return await render_page(request, "moderation_log.html", entries=list_page(request, page, scope))


async def _render_group(
    request: Request, container: Container, session: Session, group_id: ReportGroupId, refusal: Refusal
) -> Response:
    group = await container.moderating().group(group_id)
    context = await container.reviewing().context(group, UserId(session.user_id))
    values = form_of(request) if request.method == "POST" else None
    return await render_page(
        request,
        "moderation_group.html",
        refusal.status,
        context=context,
        reports=(await container.moderating().reports(group_id, REPORTS)).items,
        effects=EFFECTS[group.target.kind],
        inputs={name: values.text(name) if values else "" for name in ("rule", "reason", "effect", "until")},
        refusal=refusal,
    )


async def _render_appeals(request: Request, container: Container, refusal: Refusal) -> Response:
    scope = "moderation/appeals"
    page = await container.appealing().open_appeals(page_request(request, scope, PER_PAGE))
    return await render_page(
        request, "appeals.html", refusal.status, decisions=list_page(request, page, scope), refusal=refusal
    )


def _new_decision(form: Form, target: Target, now: datetime) -> NewDecision:
    """Return the decision of a form. Raises `Invalid`."""
    effect = next((one for one in EFFECTS[target.kind] if one == form.text("effect")), None)
    if effect is None:
        raise Invalid.of(FieldError("effect", "missing", "is missing; choose one"))
    return NewDecision(
        target, form.text("rule"), form.text("reason"), effect, _parse_end(form.text("until"), effect), now
    )


def _parse_end(text: str, effect: Effect) -> datetime | None:
    """Return the end of an effect: the beginning of a day in UTC. An effect without an end ignores the field."""
    if not text or not effect.is_lasting:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Invalid.of(FieldError("until", "bad_format", "is not a date such as 2027-01-31")) from None
