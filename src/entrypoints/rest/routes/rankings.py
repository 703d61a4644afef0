from fastapi import APIRouter

from domain.ranking import Window
from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import RankedOut
from entrypoints.rest.schemas.problems import problems

router = APIRouter(prefix="/rankings", tags=["rankings"], route_class=Route)


@router.get("/most-liked", responses=problems(401, 410))
async def most_liked(
    container: ContainerDep, viewer: Viewer, listed: ListQuery, window: Window = Window.ALL
) -> ListOf[RankedOut]:
    """Public posts published within the window: most likes first, then newest; those without a like at the end.

    A cursor shows the order of its first page's moment for at least ten minutes, down to 10,000 posts."""
    scope = f"rankings/most-liked/{window}"
    page = await container.ranking().most_liked(viewer, window, listed.page(scope))
    return listed.answer(page, scope, RankedOut.of)


@router.get("/trending", responses=problems(401, 410))
async def trending(container: ContainerDep, viewer: Viewer, listed: ListQuery) -> ListOf[RankedOut]:
    """Each author's best public post by likes and youth: log2(1 + likes) - age / half-life, as `why` lets anybody
    compute again. Cursors are as those of most-liked."""
    scope = "rankings/trending"
    page = await container.ranking().trending(viewer, listed.page(scope))
    return listed.answer(page, scope, RankedOut.of)
