from fastapi import APIRouter, Request, Response

from domain.errors import DomainError, Invalid
from domain.pages import Page
from domain.rate_limits import SEARCH, SEARCH_BY_IMAGE
from entrypoints.rest.dependencies import ContainerDep, ImageIdPath, Viewer
from entrypoints.rest.limiting import limited
from entrypoints.web.forms import TAKEN, Refusal, form_of
from entrypoints.web.lists import asked, listed
from entrypoints.web.rendering import page
from entrypoints.web.routing import PageRoute, PictureRoute

router = APIRouter(route_class=PageRoute)
picture_router = APIRouter(route_class=PictureRoute)

PEOPLE_SHOWN, MOST_ALIKE = 6, 24


@router.get("/search", dependencies=[limited(SEARCH)])
async def search(request: Request, container: ContainerDep, viewer: Viewer, q: str = "") -> Response:
    """Posts by words, and people whose name begins like them."""
    if not q.strip():
        return await _found(request, q=q)
    scope = f"search/{q}"
    try:
        people = [] if "cursor" in request.query_params else await container.searching().people(q, viewer, PEOPLE_SHOWN)
        hits = await container.searching().by_words(q, viewer, asked(request, scope))
    except Invalid as error:
        return await _found(request, 422, q=q, refusal=Refusal.of(request, error))
    return await _found(request, q=q, people=people, hits=listed(request, hits, scope))


@picture_router.post("/search/by-picture", dependencies=[limited(SEARCH_BY_IMAGE)])
async def by_picture(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    """Posts with pictures like the one that is sent, which is not kept."""
    files = form_of(request).files("file")
    if not files:
        return await _found(request, 422, refusal=Refusal(422, "Choose a picture to search by."))
    try:
        alike = await container.searching().by_image(await files[0].read(), viewer, MOST_ALIKE)
    except DomainError as error:
        refusal = Refusal.of(request, error)
        return await _found(request, refusal.status, refusal=refusal)
    return await _found(request, alike=alike)


@router.get("/pictures/{image_id}/similar")
async def similar(request: Request, container: ContainerDep, viewer: Viewer, image_id: ImageIdPath) -> Response:
    image = await container.uploading().image(image_id, viewer)
    alike = await container.searching().similar(image_id, viewer, MOST_ALIKE)
    return await page(request, "similar.html", image=image, alike=alike)


async def _found(request: Request, status: int = 200, **values: object) -> Response:
    nothing = {"q": "", "people": [], "hits": listed(request, Page(()), ""), "alike": None, "refusal": TAKEN}
    return await page(request, "search.html", status, **{**nothing, **values})
