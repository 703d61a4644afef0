from fastapi import APIRouter, Request, Response

from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/")
async def home(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    """The home feed. Visitors see an introduction and the trending posts."""
    if viewer is None:
        ranking = await container.ranking().trending(None, page_request(request, "rankings/trending"))
        return await render_page(request, "welcome.html", ranked=list_page(request, ranking, "rankings/trending"))
    scope = f"feed/{viewer}"
    posts = await container.browsing().home(viewer, page_request(request, scope))
    return await render_page(request, "home.html", posts=list_page(request, posts, scope))
