from typing import Annotated

from fastapi import APIRouter, Query, Request

from domain.pages import Page
from domain.rate_limits import SEARCH, SEARCH_BY_IMAGE
from domain.search import MAX_QUERY
from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.rest.limiting import limited
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route, UploadRoute
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import HitOut, SimilarOut
from entrypoints.rest.schemas.problems import problems
from entrypoints.rest.schemas.users import UserOut
from entrypoints.rest.uploads import DOCUMENTED, uploaded

router = APIRouter(prefix="/search", tags=["search"], route_class=Route)
uploads_router = APIRouter(prefix="/search", tags=["search"], route_class=UploadRoute)

BY_IMAGE, PEOPLE = "search/by-image", "search/people"

Words = Annotated[str, Query(description=f"1-{MAX_QUERY} characters.")]


@router.get("", responses=problems(401, 429), dependencies=[limited(SEARCH)])
async def by_words(container: ContainerDep, viewer: Viewer, listed: ListQuery, q: Words) -> ListOf[HitOut]:
    """Posts that hold all words, in their text, their pictures' alt texts or labels; the best first."""
    scope = f"search/{q}"
    page = await container.searching().by_words(q, viewer, listed.page(scope))
    return listed.answer(page, scope, HitOut.of)


@router.get("/people", responses=problems(401, 429), dependencies=[limited(SEARCH)])
async def people(container: ContainerDep, viewer: Viewer, listed: ListQuery, q: Words) -> ListOf[UserOut]:
    """People whose username or displayed name begins like this, the most followed first; the whole list in one page."""
    found = await container.searching().people(q, viewer, listed.page(PEOPLE).limit)
    return listed.answer(Page(tuple(found)), PEOPLE, UserOut.of)


@uploads_router.post(
    "/by-image",
    responses=problems(400, 401, 413, 415, 429),
    openapi_extra=DOCUMENTED,
    dependencies=[limited(SEARCH_BY_IMAGE)],
)
async def by_image(request: Request, container: ContainerDep, viewer: Viewer, listed: ListQuery) -> SimilarOut:
    """Posts with pictures like the one sent, which is not kept; the most similar first, the whole list in one page."""
    limit = listed.page(BY_IMAGE).limit
    found = await container.searching().by_image(await uploaded(request), viewer, limit)
    return SimilarOut.of(found)
