from fastapi import APIRouter, Request

from domain.pages import Page
from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import UploadRoute
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import LookalikeOut
from entrypoints.rest.schemas.problems import problems
from entrypoints.rest.uploads import DOCUMENTED, uploaded

router = APIRouter(prefix="/search", tags=["search"], route_class=UploadRoute)

SCOPE = "search/by-image"


@router.post("/by-image", responses=problems(400, 401, 409, 413, 415), openapi_extra=DOCUMENTED)
async def by_image(
    request: Request, container: ContainerDep, viewer: Viewer, listed: ListQuery
) -> ListOf[LookalikeOut]:
    """Posts with pictures like the one sent, which is not kept; the most similar first, the whole list in one page."""
    limit = listed.page(SCOPE).limit
    found = await container.searching().by_image(await uploaded(request), viewer, limit)
    return listed.answer(Page(tuple(found)), SCOPE, lambda one: LookalikeOut.of(one, viewer))
