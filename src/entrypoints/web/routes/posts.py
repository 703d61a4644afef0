from fastapi import APIRouter, Request, Response

from domain.errors import DomainError
from domain.posts import PostChanges
from domain.rate_limits import LIKE
from entrypoints.http.dependencies import ContainerDep, CurrentSession, PostIdPath, Viewer
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.web.forms import NO_REFUSAL, Refusal, form_of
from entrypoints.web.lists import list_page, page_request
from entrypoints.web.redirects import redirect_back, redirect_to
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.routing import PageRoute
from entrypoints.web.sensitivity import read_answers, read_own_scores, save_answers

router = APIRouter(prefix="/posts/{post_id}", route_class=PageRoute)

COMMENTS_PER_PAGE = 30


@router.get("")
async def read(request: Request, container: ContainerDep, viewer: Viewer, post_id: PostIdPath) -> Response:
    """A post with its comments."""
    view = await container.browsing().post(post_id, viewer)
    scope = f"posts/{post_id}/comments"
    comments = await container.commenting().of_post(post_id, viewer, page_request(request, scope, COMMENTS_PER_PAGE))
    comment_page = list_page(request, comments, scope)
    scores = await read_own_scores(container, view, viewer)
    return await render_page(
        request, "post.html", view=view, scores=scores, comments=comment_page, comment_text="", refusal=NO_REFUSAL
    )


@router.get("/likes")
async def likes(request: Request, container: ContainerDep, viewer: Viewer, post_id: PostIdPath) -> Response:
    scope = f"posts/{post_id}/likes"
    people = await container.liking().likers(post_id, viewer, page_request(request, scope))
    return await render_page(
        request, "people.html", title="Likes", back=f"/posts/{post_id}", people=list_page(request, people, scope)
    )


@router.post("/like", dependencies=[rate_limit(LIKE)])
async def like(request: Request, container: ContainerDep, session: CurrentSession, post_id: PostIdPath) -> Response:
    liking = container.liking()
    is_liked = form_of(request).text("liked") == "yes"
    state = await (liking.like if is_liked else liking.unlike)(post_id, session.user_id)
    if is_partial(request):
        return render(request, "parts/like_button.html", post_id=post_id, count=state.like_count, liked=state.liked)
    return redirect_back(request, f"/posts/{post_id}", f"post-{post_id}")


@router.get("/edit")
async def edit_page(
    request: Request, container: ContainerDep, session: CurrentSession, post_id: PostIdPath
) -> Response:
    view = await container.browsing().post(post_id, session.user_id)
    if view.post.author_id != session.user_id:
        return redirect_to(f"/posts/{post_id}")
    post = view.post
    values = {"text": post.text, "visibility": post.visibility, "sensitive": post.sensitive}
    scores = await read_own_scores(container, view, session.user_id)
    values |= {"warning": post.warning or "", "scores": scores, "answers": {}}
    return await render_page(request, "edit.html", view=view, **values, refusal=NO_REFUSAL)


@router.post("/edit")
async def edit(request: Request, container: ContainerDep, session: CurrentSession, post_id: PostIdPath) -> Response:
    form, me = form_of(request), session.user_id
    text = form.text("text")
    view = await container.browsing().post(post_id, me)
    visibility = form.choice("visibility", view.post.visibility)
    changed = text if text != view.post.text else None
    warning, answers = form.text("warning").strip(), read_answers(form, view.images)
    sensitive = "sensitive" in form or bool(warning) or any(answers.values())
    try:
        changes = PostChanges(
            container.limits(), changed, visibility, sensitive, warning or None, remove_warning=not warning
        )
        await container.posting().change(post_id, me, changes)
        await save_answers(request, container, me, answers)
    except DomainError as error:
        refusal = Refusal.of(request, error)
        values = {"text": text, "visibility": visibility, "sensitive": sensitive, "warning": warning}
        scores = await read_own_scores(container, view, me)
        values |= {"scores": scores, "answers": answers}
        return await render_page(request, "edit.html", refusal.status, view=view, refusal=refusal, **values)
    return redirect_to(f"/posts/{post_id}")


@router.post("/delete")
async def delete(container: ContainerDep, session: CurrentSession, post_id: PostIdPath) -> Response:
    await container.posting().delete(post_id, session.user_id)
    return redirect_to(f"/@{session.username}")
