from fastapi import APIRouter, Request, Response

from domain.links import tag_key
from domain.ranking import Window
from entrypoints.rest.dependencies import ContainerDep, Viewer
from entrypoints.web.lists import asked, listed
from entrypoints.web.rendering import page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)

RISING_SHOWN = 10


@router.get("/explore")
async def trending(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    scope = "rankings/trending"
    ranked = await container.ranking().trending(viewer, asked(request, scope))
    rising = await container.tagging().rising(RISING_SHOWN)
    return await page(
        request, "explore.html", tab="trending", window=None, rising=rising, ranked=listed(request, ranked, scope)
    )


@router.get("/explore/most-liked")
async def most_liked(
    request: Request, container: ContainerDep, viewer: Viewer, window: Window = Window.WEEK
) -> Response:
    scope = f"rankings/most-liked/{window}"
    ranked = await container.ranking().most_liked(viewer, window, asked(request, scope))
    return await page(
        request, "explore.html", tab="most-liked", window=window, rising=(), ranked=listed(request, ranked, scope)
    )


@router.get("/explore/newest")
async def newest(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    posts = await container.browsing().newest(viewer, asked(request, "posts"))
    return await page(request, "newest.html", posts=listed(request, posts, "posts"))


@router.get("/tags/{tag}")
async def tagged(request: Request, container: ContainerDep, viewer: Viewer, tag: str) -> Response:
    scope = f"tags/{tag_key(tag)}"
    posts = await container.tagging().posts(tag, viewer, asked(request, scope))
    spelling = await container.tagging().spelling(tag)
    return await page(request, "tag.html", tag=spelling, tagged=listed(request, posts, scope))
