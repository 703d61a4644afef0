from fastapi import APIRouter, Request

from domain.effects import Target
from domain.known_origins import Origin
from domain.rate_limits import APPEAL, REPORT
from entrypoints.http.client_address import client_address
from entrypoints.http.dependencies import ContainerDep, CurrentSession, DecisionIdPath, parse_id
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.moderation import AppealCreate, Decision, Report, ReportCreate, SuspensionAppeal

router = APIRouter(tags=["reports"], route_class=Route)


@router.post(
    "/reports", status_code=201, responses=problems(400, 401, 404, 409, 415, 429), dependencies=[rate_limit(REPORT)]
)
async def create(session: CurrentSession, body: ReportCreate, container: ContainerDep) -> Report:
    """Report a post, a comment, an image or a user to the moderators. A second report of the same target returns the
    first one."""
    target = Target(body.kind, parse_id(body.id, body.kind, field="id"))
    return Report.of(await container.reporting().report(session.user_id, target, body.reason, body.note))


@router.get("/me/decisions", responses=problems(401))
async def list_decisions(container: ContainerDep, session: CurrentSession, list_request: ListQuery) -> ListOf[Decision]:
    """What moderators decided about you and your posts, comments and images, newest first."""
    scope = f"me/{session.user_id}/decisions"
    page = await container.appealing().decisions(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, Decision.of)


@router.post(
    "/me/decisions/{decision_id}/appeal",
    status_code=201,
    responses=problems(400, 401, 404, 409, 415, 429),
    dependencies=[rate_limit(APPEAL)],
)
async def appeal(
    session: CurrentSession, decision_id: DecisionIdPath, body: AppealCreate, container: ContainerDep
) -> Decision:
    """Appeal against a decision, once. Another moderator decides, if there is one."""
    return Decision.of(await container.appealing().appeal(session.user_id, decision_id, body.text))


@router.post("/appeals", status_code=201, responses=problems(400, 401, 404, 409, 415, 429))
async def appeal_suspension(request: Request, body: SuspensionAppeal, container: ContainerDep) -> Decision:
    """Appeal against the suspension of your account by its password, without signing in."""
    origin = Origin(client_address(request))
    user = (await container.signing_in().authenticate(body.username, body.password, origin)).user
    return Decision.of(await container.appealing().appeal_suspension(user.id, body.text))
