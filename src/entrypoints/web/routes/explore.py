from fastapi import APIRouter, Request, Response

from domain.links import tag_key
from domain.rankings import Window
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)

MAX_RISING = 10


@router.get("/explore")
async def trending(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    scope = "rankings/trending"
    ranked = await container.ranking().trending(viewer, page_request(request, scope))
    rising = await container.tagging().rising_tags(MAX_RISING)
    return await render_page(
        request, "explore.html", tab="trending", window=None, rising=rising, ranked=list_page(request, ranked, scope)
    )


@router.get("/explore/most-liked")
async def most_liked(
    request: Request, container: ContainerDep, viewer: Viewer, window: Window = Window.WEEK
) -> Response:
    scope = f"rankings/most-liked/{window}"
    ranked = await container.ranking().most_liked(viewer, window, page_request(request, scope))
    return await render_page(
        request, "explore.html", tab="most-liked", window=window, rising=(), ranked=list_page(request, ranked, scope)
    )


@router.get("/explore/newest")
async def newest(request: Request, container: ContainerDep, viewer: Viewer) -> Response:
    posts = await container.browsing().newest(viewer, page_request(request, "posts"))
    return await render_page(request, "newest.html", posts=list_page(request, posts, "posts"))


@router.get("/tags/{tag}")
async def posts_with_tag(request: Request, container: ContainerDep, viewer: Viewer, tag: str) -> Response:
    scope = f"tags/{tag_key(tag)}"
    posts = await container.tagging().posts(tag, viewer, page_request(request, scope))
    spelling = await container.tagging().spelling(tag)
    return await render_page(request, "tag.html", tag=spelling, posts=list_page(request, posts, scope))
