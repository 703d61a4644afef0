from typing import Literal

from fastapi import APIRouter, Request, Response

from domain.post_views import PostView
from domain.rate_limits import BLOCK, FOLLOW
from entrypoints.http.dependencies import ContainerDep, CurrentSession, Viewer
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import form_of
from entrypoints.web.lists import ListPage, list_page, page_request
from entrypoints.web.redirects import redirect_back
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/@{username}", route_class=PageRoute)


@router.get("")
async def posts(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    """A profile with the grid of its posts."""
    return await _render_profile(request, container, viewer, username, "posts")


@router.get("/likes")
async def likes(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    return await _render_profile(request, container, viewer, username, "likes")


async def _render_profile(
    request: Request, container: ContainerDep, viewer: Viewer, username: str, tab: Literal["posts", "likes"]
) -> Response:
    profile = await container.accounts().profile(username, viewer)
    page: ListPage[PostView] = ListPage(())
    if profile.is_open_to(viewer):
        name, browsing = profile.user.username, container.browsing()
        scope = f"users/{profile.user.id}/{tab}"
        read = browsing.of_author if tab == "posts" else browsing.liked_by
        page = list_page(request, await read(name, viewer, page_request(request, scope)), scope)
    return await render_page(
        request, "profile.html", profile=profile, tab=tab, posts=page, open=profile.is_open_to(viewer)
    )


@router.get("/followers")
async def followers(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    scope = f"users/{username}/followers"
    page = list_page(
        request, await container.following().followers(username, viewer, page_request(request, scope)), scope
    )
    return await render_page(
        request, "people.html", title=f"Followers of {username}", back=f"/@{username}", people=page
    )


@router.get("/following")
async def following(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    scope = f"users/{username}/following"
    page = list_page(
        request, await container.following().following(username, viewer, page_request(request, scope)), scope
    )
    return await render_page(request, "people.html", title=f"Followed by {username}", back=f"/@{username}", people=page)


@router.post("/follow", dependencies=[rate_limit(FOLLOW)])
async def follow(request: Request, container: ContainerDep, session: CurrentSession, username: str) -> Response:
    following = container.following()
    await (following.follow if _is_wanted(request) else following.unfollow)(session.user_id, username)
    if is_partial(request):
        profile = await container.accounts().profile(username, session.user_id)
        return render(request, "parts/follow_button.html", profile=profile)
    return redirect_back(request, f"/@{username}")


@router.post("/block", dependencies=[rate_limit(BLOCK)])
async def block(request: Request, container: ContainerDep, session: CurrentSession, username: str) -> Response:
    blocking = container.blocking()
    await (blocking.block if _is_wanted(request) else blocking.unblock)(session.user_id, username)
    return redirect_back(request, f"/@{username}")


@router.post("/mute", dependencies=[rate_limit(BLOCK)])
async def mute(request: Request, container: ContainerDep, session: CurrentSession, username: str) -> Response:
    blocking = container.blocking()
    await (blocking.mute if _is_wanted(request) else blocking.unmute)(session.user_id, username)
    return redirect_back(request, f"/@{username}")


@router.post("/request")
async def answer_request(request: Request, container: ContainerDep, session: CurrentSession, username: str) -> Response:
    """Accept or refuse a follow request."""
    following = container.following()
    accepted = form_of(request).text("answer") == "accept"
    await (following.accept if accepted else following.refuse)(session.user_id, username)
    if is_partial(request):
        return render(request, "parts/request_answer.html", username=username, accepted=accepted)
    return redirect_back(request, "/notifications")


def _is_wanted(request: Request) -> bool:
    """Whether the action is to be done rather than undone."""
    return form_of(request).text("wanted") == "yes"
