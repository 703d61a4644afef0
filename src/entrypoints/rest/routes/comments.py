from http import HTTPStatus

from fastapi import APIRouter, Response

from domain.rate_limits import COMMENT
from entrypoints.http.dependencies import CommentIdPath, ContainerDep, CurrentSession, PostIdPath, Viewer
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import Comment, CommentCreate

router = APIRouter(tags=["comments"], route_class=Route)


@router.get("/posts/{post_id}/comments", name="list", responses=problems(401, 404))
async def list_comments(
    post_id: PostIdPath, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> ListOf[Comment]:
    """The comments of a post, oldest first."""
    scope = f"posts/{post_id}/comments"
    page = await container.commenting().of_post(post_id, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, Comment.of)


@router.post(
    "/posts/{post_id}/comments",
    status_code=201,
    responses=problems(400, 401, 404, 409, 415, 429),
    dependencies=[rate_limit(COMMENT)],
)
async def create(
    session: CurrentSession, post_id: PostIdPath, body: CommentCreate, container: ContainerDep, response: Response
) -> Comment:
    """Add a comment to a post."""
    view = await container.commenting().comment(post_id, session.user_id, body.text)
    response.headers["Location"] = f"/v1/comments/{view.comment.id}"
    return Comment.of(view)


@router.delete("/comments/{comment_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def delete(session: CurrentSession, comment_id: CommentIdPath, container: ContainerDep) -> None:
    """Delete a comment. Its author and the post's author may do this."""
    await container.commenting().delete(comment_id, session.user_id)
