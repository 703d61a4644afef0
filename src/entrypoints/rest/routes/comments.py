from http import HTTPStatus

from fastapi import APIRouter, Response

from domain.rate_limits import COMMENT
from entrypoints.rest.dependencies import CommentIdPath, ContainerDep, PostIdPath, SignedIn, Viewer
from entrypoints.rest.limiting import limited
from entrypoints.rest.paging import ListQuery
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.lists import ListOf
from entrypoints.rest.schemas.posts import CommentBody, CommentOut
from entrypoints.rest.schemas.problems import problems

router = APIRouter(tags=["comments"], route_class=Route)


@router.get("/posts/{post_id}/comments", responses=problems(401, 404))
async def under(post_id: PostIdPath, container: ContainerDep, viewer: Viewer, listed: ListQuery) -> ListOf[CommentOut]:
    """The comments of a post, oldest first."""
    scope = f"posts/{post_id}/comments"
    page = await container.commenting().under(post_id, viewer, listed.page(scope))
    return listed.answer(page, scope, CommentOut.of)


@router.post(
    "/posts/{post_id}/comments",
    status_code=201,
    responses=problems(400, 401, 404, 409, 415, 429),
    dependencies=[limited(COMMENT)],
)
async def comment(
    session: SignedIn, post_id: PostIdPath, body: CommentBody, container: ContainerDep, response: Response
) -> CommentOut:
    """Say something under a post."""
    view = await container.commenting().comment(post_id, session.user_id, body.text)
    response.headers["Location"] = f"/v1/comments/{view.comment.id}"
    return CommentOut.of(view)


@router.delete("/comments/{comment_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def delete(session: SignedIn, comment_id: CommentIdPath, container: ContainerDep) -> None:
    """Delete a comment: its author may, and the post's author."""
    await container.commenting().delete(comment_id, session.user_id)
