from http import HTTPStatus

from fastapi import APIRouter

from domain.invites import InviteRequest
from domain.rate_limits import INVITE
from entrypoints.http.dependencies import ContainerDep, InviteIdPath, ModeratorSession
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.sign_ups import Invite, InviteCreate

router = APIRouter(prefix="/invites", tags=["invites"], route_class=Route)


@router.get("", name="list", responses=problems(401, 403))
async def list_invites(container: ContainerDep, _: ModeratorSession, list_request: ListQuery) -> ListOf[Invite]:
    """All invitations, newest first. Expired ones are deleted after 30 days."""
    page = await container.inviting().all_invites(list_request.page("invites"))
    return list_request.to_list(page, "invites", Invite.of)


@router.post("", status_code=201, responses=problems(400, 401, 403, 415, 429), dependencies=[rate_limit(INVITE)])
async def create(body: InviteCreate, container: ContainerDep, session: ModeratorSession) -> Invite:
    """Create an invitation, which allows sign-ups up to a number and a time."""
    request = InviteRequest(body.max_uses, body.days)
    return Invite.of(await container.inviting().create(request, session.moderator))


@router.delete("/{invite_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def delete(session: ModeratorSession, invite_id: InviteIdPath, container: ContainerDep) -> None:
    """Withdraw an invitation. Accounts that used it stay."""
    await container.inviting().delete(invite_id, session.moderator)
