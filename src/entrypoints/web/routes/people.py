from typing import Literal

from fastapi import APIRouter, Request, Response

from domain.feeds import PostView
from domain.rate_limits import BLOCK, FOLLOW
from entrypoints.rest.dependencies import ContainerDep, SignedIn, Viewer
from entrypoints.rest.limiting import limited
from entrypoints.web.forms import form_of
from entrypoints.web.lists import Listed, asked, listed
from entrypoints.web.redirects import back
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/@{username}", route_class=PageRoute)


@router.get("")
async def posts(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    """A profile with the grid of its posts."""
    return await _profile(request, container, viewer, username, "posts")


@router.get("/likes")
async def likes(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    return await _profile(request, container, viewer, username, "likes")


async def _profile(
    request: Request, container: ContainerDep, viewer: Viewer, username: str, tab: Literal["posts", "likes"]
) -> Response:
    profile = await container.accounts().profile(username, viewer)
    found: Listed[PostView] = Listed(())
    if profile.opens_to(viewer):
        name, browsing = profile.user.username, container.browsing()
        scope = f"users/{profile.user.id}/{tab}"
        read = browsing.of_author if tab == "posts" else browsing.liked_by
        found = listed(request, await read(name, viewer, asked(request, scope)), scope)
    return await page(request, "profile.html", profile=profile, tab=tab, posts=found, open=profile.opens_to(viewer))


@router.get("/followers")
async def followers(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    scope = f"users/{username}/followers"
    found = listed(request, await container.following().followers(username, viewer, asked(request, scope)), scope)
    return await page(request, "people.html", title=f"Who follows {username}", back=f"/@{username}", people=found)


@router.get("/following")
async def following(request: Request, container: ContainerDep, viewer: Viewer, username: str) -> Response:
    scope = f"users/{username}/following"
    found = listed(request, await container.following().following(username, viewer, asked(request, scope)), scope)
    return await page(request, "people.html", title=f"Whom {username} follows", back=f"/@{username}", people=found)


@router.post("/follow", dependencies=[limited(FOLLOW)])
async def follow(request: Request, container: ContainerDep, session: SignedIn, username: str) -> Response:
    following = container.following()
    await (following.follow if _wanted(request) else following.unfollow)(session.user_id, username)
    if is_partial(request):
        profile = await container.accounts().profile(username, session.user_id)
        return bare(request, "parts/followed.html", profile=profile)
    return back(request, f"/@{username}")


@router.post("/block", dependencies=[limited(BLOCK)])
async def block(request: Request, container: ContainerDep, session: SignedIn, username: str) -> Response:
    blocking = container.blocking()
    await (blocking.block if _wanted(request) else blocking.unblock)(session.user_id, username)
    return back(request, f"/@{username}")


@router.post("/mute", dependencies=[limited(BLOCK)])
async def mute(request: Request, container: ContainerDep, session: SignedIn, username: str) -> Response:
    blocking = container.blocking()
    await (blocking.mute if _wanted(request) else blocking.unmute)(session.user_id, username)
    return back(request, f"/@{username}")


@router.post("/request")
async def answer_request(request: Request, container: ContainerDep, session: SignedIn, username: str) -> Response:
    """Let somebody follow who asked for it, or not."""
    following = container.following()
    accepted = form_of(request).text("answer") == "accept"
    await (following.accept if accepted else following.refuse)(session.user_id, username)
    if is_partial(request):
        return bare(request, "parts/answered.html", username=username, accepted=accepted)
    return back(request, "/notifications")


def _wanted(request: Request) -> bool:
    """Whether it is to be, or to be undone."""
    return form_of(request).text("wanted") == "yes"
