from fastapi import APIRouter

from domain.rankings import Window
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import RankedPost

router = APIRouter(prefix="/rankings", tags=["rankings"], route_class=Route)


@router.get("/most-liked", responses=problems(401, 410))
async def most_liked(
    container: ContainerDep, viewer: Viewer, list_request: ListQuery, window: Window = Window.ALL
) -> ListOf[RankedPost]:
    """Public posts published within the window: most likes first, then newest; posts without likes come last.

    A cursor is valid for at least ten minutes. All its pages show the order of the first page's snapshot, down to
    10,000 posts.
    """
    scope = f"rankings/most-liked/{window}"
    page = await container.ranking().most_liked(viewer, window, list_request.page(scope))
    return list_request.to_list(page, scope, RankedPost.of)


@router.get("/trending", responses=problems(401, 410))
async def trending(container: ContainerDep, viewer: Viewer, list_request: ListQuery) -> ListOf[RankedPost]:
    """Each author's best public post by likes and age: log2(1 + likes) - age / half-life. `why` has the parts of the
    score. Cursors work as for most-liked."""
    scope = "rankings/trending"
    page = await container.ranking().trending(viewer, list_request.page(scope))
    return list_request.to_list(page, scope, RankedPost.of)
