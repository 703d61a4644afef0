from fastapi import APIRouter, Response

from domain.effects import NewDecision, Target
from domain.ids import UserId
from domain.rate_limits import MODERATE
from entrypoints.http.dependencies import (
    ContainerDep,
    DecisionIdPath,
    ModeratorSession,
    ReportGroupIdPath,
    parse_id,
)
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.moderation import (
    AppealAnswer,
    DecisionCreate,
    LogEntry,
    ModeratorDecision,
    Report,
    ReportContext,
    ReportGroup,
)

router = APIRouter(prefix="/moderation", tags=["moderation"], route_class=Route)


@router.get("/reports", responses=problems(401, 403))
async def list_groups(
    _session: ModeratorSession, container: ContainerDep, list_request: ListQuery
) -> ListOf[ReportGroup]:
    """The queue: open reports, grouped by target, newest first."""
    page = await container.moderating().queue(list_request.page("moderation/reports"))
    return list_request.to_list(page, "moderation/reports", ReportGroup.of)


@router.get("/reports/{group_id}", responses=problems(401, 403, 404))
async def get_group(session: ModeratorSession, group_id: ReportGroupIdPath, container: ContainerDep) -> ReportContext:
    """A group of reports with its target, its labels and duplicates, similar posts, and earlier decisions."""
    group = await container.moderating().group(group_id)
    return ReportContext.of(await container.reviewing().context(group, UserId(session.user_id)))


@router.get("/reports/{group_id}/reports", responses=problems(401, 403, 404))
async def list_reports(
    _session: ModeratorSession, group_id: ReportGroupIdPath, container: ContainerDep, list_request: ListQuery
) -> ListOf[Report]:
    """The reports of a group, newest first."""
    scope = f"moderation/reports/{group_id}"
    await container.moderating().group(group_id)
    page = await container.moderating().reports(group_id, list_request.page(scope))
    return list_request.to_list(page, scope, Report.of)


@router.post(
    "/decisions",
    status_code=201,
    responses=problems(400, 401, 403, 404, 409, 415, 429),
    dependencies=[rate_limit(MODERATE)],
)
async def decide(
    session: ModeratorSession, body: DecisionCreate, container: ContainerDep, response: Response
) -> ModeratorDecision:
    """Decide about a post, a comment, an image or a user. This closes the reports about it and notifies the user."""
    target = Target(body.kind, parse_id(body.id, body.kind, field="id"))
    new = NewDecision(target, body.rule, body.reason, body.effect, body.until, container.clock().now())
    decision = await container.moderating().decide(session.moderator, new)
    response.headers["Location"] = f"/v1/moderation/decisions/{decision.id}"
    return ModeratorDecision.of(decision)


@router.get("/decisions/{decision_id}", responses=problems(401, 403, 404))
async def get_decision(
    _session: ModeratorSession, decision_id: DecisionIdPath, container: ContainerDep
) -> ModeratorDecision:
    """One decision."""
    return ModeratorDecision.of(await container.moderating().decision(decision_id))


@router.get("/appeals", responses=problems(401, 403))
async def list_appeals(
    _session: ModeratorSession, container: ContainerDep, list_request: ListQuery
) -> ListOf[ModeratorDecision]:
    """Decisions with an open appeal, newest first."""
    page = await container.appealing().open_appeals(list_request.page("moderation/appeals"))
    return list_request.to_list(page, "moderation/appeals", ModeratorDecision.of)


@router.put(
    "/appeals/{decision_id}",
    responses=problems(400, 401, 403, 404, 409, 415, 429),
    dependencies=[rate_limit(MODERATE)],
)
async def decide_appeal(
    session: ModeratorSession, decision_id: DecisionIdPath, body: AppealAnswer, container: ContainerDep
) -> ModeratorDecision:
    """Decide about an appeal. Another moderator than the one who made the decision must do so, if there is one."""
    answered = await container.appealing().decide(session.moderator, decision_id, body.outcome, body.answer)
    return ModeratorDecision.of(answered)


@router.get("/log", responses=problems(401, 403))
async def list_log(_session: ModeratorSession, container: ContainerDep, list_request: ListQuery) -> ListOf[LogEntry]:
    """The audit log, newest first."""
    page = await container.moderating().log(list_request.page("moderation/log"))
    return list_request.to_list(page, "moderation/log", LogEntry.of)
