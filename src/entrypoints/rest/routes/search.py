from typing import Annotated

from fastapi import APIRouter, Query, Request

from domain.pages import Page
from domain.rate_limits import SEARCH, SEARCH_BY_IMAGE
from domain.search import MAX_QUERY
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.http.uploads import OPENAPI_BODY, read_upload
from entrypoints.rest.routing import Route, UploadRoute
from entrypoints.rest.schemas.posts import SearchHit, SimilarPostList
from entrypoints.rest.schemas.users import User

router = APIRouter(prefix="/search", tags=["search"], route_class=Route)
uploads_router = APIRouter(prefix="/search", tags=["search"], route_class=UploadRoute)

BY_IMAGE_SCOPE, PEOPLE_SCOPE = "search/by-image", "search/people"

Words = Annotated[str, Query(description=f"1-{MAX_QUERY} characters.")]


@router.get("", responses=problems(401, 429), dependencies=[rate_limit(SEARCH)])
async def posts(container: ContainerDep, viewer: Viewer, list_request: ListQuery, q: Words) -> ListOf[SearchHit]:
    """Posts that contain all words in their text or in the alt texts or labels of their images; best first."""
    scope = f"search/{q}"
    page = await container.searching().by_words(q, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, SearchHit.of)


@router.get("/people", responses=problems(401, 429), dependencies=[rate_limit(SEARCH)])
async def people(container: ContainerDep, viewer: Viewer, list_request: ListQuery, q: Words) -> ListOf[User]:
    """Users whose username or displayed name has this prefix, the most followed first. The list has one page."""
    found = await container.searching().people(q, viewer, list_request.page(PEOPLE_SCOPE).limit)
    return list_request.to_list(Page(tuple(found)), PEOPLE_SCOPE, User.of)


@uploads_router.post(
    "/by-image",
    responses=problems(400, 401, 413, 415, 429),
    openapi_extra=OPENAPI_BODY,
    dependencies=[rate_limit(SEARCH_BY_IMAGE)],
)
async def by_image(
    request: Request, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> SimilarPostList:
    """Posts with images similar to the one sent, which is not stored; most similar first. The list has one page."""
    limit = list_request.page(BY_IMAGE_SCOPE).limit
    found = await container.searching().by_image(await read_upload(request), viewer, limit)
    return SimilarPostList.of(found)
