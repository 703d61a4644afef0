from fastapi import APIRouter, Request, Response

from domain.errors import DomainError
from domain.posts import Visibility
from domain.rate_limits import LIKE
from entrypoints.rest.dependencies import ContainerDep, PostIdPath, SignedIn, Viewer
from entrypoints.rest.limiting import limited
from entrypoints.web.forms import TAKEN, Refusal, form_of
from entrypoints.web.lists import asked, listed
from entrypoints.web.redirects import back, see
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/posts/{post_id}", route_class=PageRoute)

COMMENTS_AT_ONCE = 30


@router.get("")
async def read(request: Request, container: ContainerDep, viewer: Viewer, post_id: PostIdPath) -> Response:
    """A post with its comments."""
    view = await container.browsing().post(post_id, viewer)
    scope = f"posts/{post_id}/comments"
    comments = await container.commenting().under(post_id, viewer, asked(request, scope, COMMENTS_AT_ONCE))
    found = listed(request, comments, scope)
    return await page(request, "post.html", view=view, comments=found, said="", refusal=TAKEN)


@router.get("/likes")
async def likes(request: Request, container: ContainerDep, viewer: Viewer, post_id: PostIdPath) -> Response:
    scope = f"posts/{post_id}/likes"
    people = await container.liking().who_liked(post_id, viewer, asked(request, scope))
    return await page(
        request, "people.html", title="Likes", back=f"/posts/{post_id}", people=listed(request, people, scope)
    )


@router.post("/like", dependencies=[limited(LIKE)])
async def like(request: Request, container: ContainerDep, session: SignedIn, post_id: PostIdPath) -> Response:
    liking = container.liking()
    wanted = form_of(request).text("liked") == "yes"
    standing = await (liking.like if wanted else liking.unlike)(post_id, session.user_id)
    if is_partial(request):
        return bare(request, "parts/liked.html", post_id=post_id, count=standing.like_count, liked=standing.liked)
    return back(request, f"/posts/{post_id}", f"post-{post_id}")


@router.get("/edit")
async def edit_page(request: Request, container: ContainerDep, session: SignedIn, post_id: PostIdPath) -> Response:
    view = await container.browsing().post(post_id, session.user_id)
    if view.post.author_id != session.user_id:
        return see(f"/posts/{post_id}")
    text, visibility = view.post.text, view.post.visibility
    return await page(request, "edit.html", view=view, text=text, visibility=visibility, refusal=TAKEN)


@router.post("/edit")
async def edit(request: Request, container: ContainerDep, session: SignedIn, post_id: PostIdPath) -> Response:
    form = form_of(request)
    text = form.text("text")
    visibility = Visibility.FOLLOWERS if form.text("visibility") == "followers" else Visibility.PUBLIC
    view = await container.browsing().post(post_id, session.user_id)
    changed = text if text != view.post.text else None
    try:
        await container.posting().edit(post_id, session.user_id, changed, visibility)
    except DomainError as error:
        refusal = Refusal.of(request, error)
        said = {"text": text, "visibility": visibility}
        return await page(request, "edit.html", refusal.status, view=view, refusal=refusal, **said)
    return see(f"/posts/{post_id}")


@router.post("/delete")
async def delete(container: ContainerDep, session: SignedIn, post_id: PostIdPath) -> Response:
    await container.posting().delete(post_id, session.user_id)
    return see(f"/@{session.username}")
