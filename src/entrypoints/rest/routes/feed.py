from fastapi import APIRouter

from entrypoints.rest.dependencies import ContainerDep, SignedIn
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import PostOut
from entrypoints.rest.schemas.problems import problems

router = APIRouter(tags=["feed"], route_class=Route)


@router.get("/feed", responses=problems(401))
async def home(container: ContainerDep, session: SignedIn, listed: ListQuery) -> ListOf[PostOut]:
    """The posts of the people one follows, and one's own, newest first."""
    scope = f"feed/{session.user_id}"
    page = await container.browsing().home(session.user_id, listed.page(scope))
    return listed.answer(page, scope, PostOut.of)
