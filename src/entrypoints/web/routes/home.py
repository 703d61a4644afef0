from fastapi import APIRouter, Request, Response

from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.web.lists import asked, listed
from entrypoints.web.rendering import page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.get("/")
async def home(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    """The home feed; strangers are told what this is, with what is trending."""
    if viewer is None:
        found = await container.ranking().trending(None, asked(request, "rankings/trending"))
        return await page(request, "welcome.html", ranked=listed(request, found, "rankings/trending"))
    scope = f"feed/{viewer}"
    posts = await container.browsing().home(viewer, asked(request, scope))
    return await page(request, "home.html", posts=listed(request, posts, scope))
