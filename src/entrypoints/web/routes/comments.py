from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError
from domain.ids import CommentId, PostId, UserId
from domain.pages import PageRequest
from domain.rate_limits import COMMENT
from entrypoints.http.dependencies import CommentIdPath, ContainerDep, CurrentSession, PostIdPath
from entrypoints.http.rate_limiting import count_use
from entrypoints.web.forms import Refusal, form_of
from entrypoints.web.idempotency import run_once
from entrypoints.web.lists import list_page
from entrypoints.web.redirects import redirect_back, redirect_to
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.routes.posts import COMMENTS_PER_PAGE
from entrypoints.web.routing import PageRoute
from entrypoints.web.sensitivity import read_own_scores

router = APIRouter(route_class=PageRoute)


@router.post("/posts/{post_id}/comments")
async def comment(request: Request, container: ContainerDep, session: CurrentSession, post_id: PostIdPath) -> Response:
    text, viewer = form_of(request).text("text"), session.user_id
    try:
        added = run_once(request, lambda: _add_comment(request, container, post_id, viewer, text))
        comment_id = CommentId(await added)
    except DomainError as error:
        if is_partial(request):
            raise
        refusal = Refusal.of(request, error)
        view = await container.browsing().post(post_id, viewer)
        first = await container.commenting().of_post(post_id, viewer, PageRequest(COMMENTS_PER_PAGE))
        comments = list_page(request, first, f"posts/{post_id}/comments")
        scores = await read_own_scores(container, view, viewer)
        values = {"view": view, "scores": scores, "comments": comments, "comment_text": text, "refusal": refusal}
        return await render_page(request, "post.html", refusal.status, **values)
    if is_partial(request):
        view = await container.browsing().post(post_id, viewer)
        view_of_comment = await container.commenting().get(comment_id, viewer)
        return render(request, "parts/new_comment.html", one=view_of_comment, view=view)
    return redirect_to(f"/posts/{post_id}#comment-{comment_id}")


async def _add_comment(request: Request, container: Container, post_id: PostId, author: UserId, text: str) -> CommentId:
    await count_use(request, COMMENT)
    return (await container.commenting().comment(post_id, author, text)).comment.id


@router.post("/comments/{comment_id}/delete")
async def delete(
    request: Request, container: ContainerDep, session: CurrentSession, comment_id: CommentIdPath
) -> Response:
    await container.commenting().delete(comment_id, session.user_id)
    return Response() if is_partial(request) else redirect_back(request, anchor="comments")
