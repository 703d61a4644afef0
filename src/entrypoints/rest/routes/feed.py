from fastapi import APIRouter

from entrypoints.http.dependencies import ContainerDep, CurrentSession
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import Post

router = APIRouter(tags=["feed"], route_class=Route)


@router.get("/feed", responses=problems(401))
async def get(container: ContainerDep, session: CurrentSession, list_request: ListQuery) -> ListOf[Post]:
    """The posts of the people you follow and your own, newest first."""
    scope = f"feed/{session.user_id}"
    page = await container.browsing().home(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, Post.of)
