from http import HTTPStatus

from fastapi import APIRouter

from entrypoints.http.dependencies import ContainerDep, CurrentSession
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.users import User

router = APIRouter(prefix="/follow-requests", tags=["follow-requests"], route_class=Route)


@router.get("", name="list", responses=problems(401))
async def list_follow_requests(
    container: ContainerDep, session: CurrentSession, list_request: ListQuery
) -> ListOf[User]:
    """The users who requested to follow you, newest request first."""
    scope = f"follow-requests/{session.user_id}"
    page = await container.following().requests(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)


@router.put("/{username}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def accept(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Accept a follow request. Idempotent."""
    await container.following().accept(session.user_id, username)


@router.delete("/{username}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def refuse(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Delete a follow request without notifying the requester. Idempotent."""
    await container.following().refuse(session.user_id, username)
