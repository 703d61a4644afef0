from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError
from domain.ids import CommentId, PostId, UserId
from domain.pages import PageRequest
from domain.rate_limits import COMMENT
from entrypoints.rest.dependencies import CommentIdPath, ContainerDep, PostIdPath, SignedIn
from entrypoints.rest.limiting import count
from entrypoints.web.forms import Refusal, form_of
from entrypoints.web.lists import listed
from entrypoints.web.once import once
from entrypoints.web.redirects import back, see
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.routes.posts import COMMENTS_AT_ONCE
from entrypoints.web.routing import PageRoute

router = APIRouter(route_class=PageRoute)


@router.post("/posts/{post_id}/comments")
async def comment(request: Request, container: ContainerDep, session: SignedIn, post_id: PostIdPath) -> Response:
    text, viewer = form_of(request).text("text"), session.user_id
    try:
        added = once(request, lambda: _add_comment(request, container, post_id, viewer, text))
        comment_id = CommentId(await added)
    except DomainError as error:
        if is_partial(request):
            raise
        refusal = Refusal.of(request, error)
        view = await container.browsing().post(post_id, viewer)
        first = await container.commenting().under(post_id, viewer, PageRequest(COMMENTS_AT_ONCE))
        comments = listed(request, first, f"posts/{post_id}/comments")
        values = {"view": view, "comments": comments, "said": text, "refusal": refusal}
        return await page(request, "post.html", refusal.status, **values)
    if is_partial(request):
        view = await container.browsing().post(post_id, viewer)
        said = await container.commenting().one(comment_id, viewer)
        return bare(request, "parts/said.html", one=said, view=view)
    return see(f"/posts/{post_id}#comment-{comment_id}")


async def _add_comment(request: Request, container: Container, post_id: PostId, author: UserId, text: str) -> CommentId:
    await count(request, COMMENT)
    return (await container.commenting().comment(post_id, author, text)).comment.id


@router.post("/comments/{comment_id}/delete")
async def delete(request: Request, container: ContainerDep, session: SignedIn, comment_id: CommentIdPath) -> Response:
    await container.commenting().delete(comment_id, session.user_id)
    return Response() if is_partial(request) else back(request, anchor="comments")
