from fastapi import APIRouter, Request, Response

from domain.errors import DomainError, Invalid
from domain.pages import Page
from domain.rate_limits import SEARCH, SEARCH_BY_IMAGE
from entrypoints.http.dependencies import ContainerDep, ImageIdPath, Viewer
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import ImageFormRoute, PageRoute

router = APIRouter(route_class=PageRoute)
image_router = APIRouter(route_class=ImageFormRoute)

MAX_PEOPLE, MAX_SIMILAR = 6, 24


@router.get("/search", dependencies=[rate_limit(SEARCH)])
async def search(request: Request, container: ContainerDep, viewer: Viewer, q: str = "") -> Response:
    """Posts by words, and users by prefix of their name."""
    if not q.strip():
        return await _render_results(request, q=q)
    scope = f"search/{q}"
    try:
        people = [] if "cursor" in request.query_params else await container.searching().people(q, viewer, MAX_PEOPLE)
        hits = await container.searching().by_words(q, viewer, page_request(request, scope))
    except Invalid as error:
        return await _render_results(request, 422, q=q, refusal=Refusal.of(request, error))
    return await _render_results(request, q=q, people=people, hits=list_page(request, hits, scope))


@image_router.post("/search/by-picture", dependencies=[rate_limit(SEARCH_BY_IMAGE)])
async def by_picture(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    """Posts with images similar to the one sent, which is not stored."""
    files = form_of(request).files("file")
    if not files:
        return await _render_results(request, 422, refusal=Refusal(422, "Choose an image to search by."))
    try:
        similar = await container.searching().by_image(await files[0].read(), viewer, MAX_SIMILAR)
    except DomainError as error:
        refusal = Refusal.of(request, error)
        return await _render_results(request, refusal.status, refusal=refusal)
    return await _render_results(request, similar=similar)


@router.get("/pictures/{image_id}/similar")
async def similar(request: Request, container: ContainerDep, viewer: Viewer, image_id: ImageIdPath) -> Response:
    image = await container.uploading().image(image_id, viewer)
    similar = await container.searching().similar(image_id, viewer, MAX_SIMILAR)
    return await render_page(request, "similar.html", image=image, similar=similar)


async def _render_results(request: Request, status: int = 200, **values: object) -> Response:
    defaults = {"q": "", "people": [], "hits": list_page(request, Page(()), ""), "similar": None, "refusal": NO_REFUSAL}
    return await render_page(request, "search.html", status, **{**defaults, **values})
