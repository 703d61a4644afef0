from http import HTTPStatus

from fastapi import APIRouter

from entrypoints.rest.dependencies import ContainerDep, SignedIn
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.problems import problems
from entrypoints.rest.schemas.users import UserOut

router = APIRouter(prefix="/follow-requests", tags=["users"], route_class=Route)


@router.get("", responses=problems(401))
async def requests(container: ContainerDep, session: SignedIn, listed: ListQuery) -> ListOf[UserOut]:
    """Who asks to follow you, newest request first."""
    scope = f"follow-requests/{session.user_id}"
    page = await container.following().requests(session.user_id, listed.page(scope))
    return listed.answer(page, scope, UserOut.of)


@router.put("/{username}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def accept(session: SignedIn, username: str, container: ContainerDep) -> None:
    """Let them follow you; again changes nothing."""
    await container.following().accept(session.user_id, username)


@router.delete("/{username}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 404))
async def refuse(session: SignedIn, username: str, container: ContainerDep) -> None:
    """Drop their request; they are not told. Again changes nothing."""
    await container.following().refuse(session.user_id, username)
