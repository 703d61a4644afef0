from http import HTTPStatus

from fastapi import APIRouter, Response

from domain.ids import ImageId
from domain.posts import PostChanges
from domain.rate_limits import LIKE, POST
from entrypoints.http.dependencies import ContainerDep, CurrentSession, PostIdPath, Viewer, parse_id
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import LikeState, Post, PostCreate, PostUpdate
from entrypoints.rest.schemas.users import User

router = APIRouter(prefix="/posts", tags=["posts"], route_class=Route)


@router.post("", status_code=201, responses=problems(400, 401, 404, 409, 415, 429), dependencies=[rate_limit(POST)])
async def create(body: PostCreate, container: ContainerDep, session: CurrentSession, response: Response) -> Post:
    """Publish your own images, none of which is in a post yet."""
    image_ids = tuple(ImageId(parse_id(text, "image", field="image_ids")) for text in body.image_ids)
    visibility = body.visibility if "visibility" in body.model_fields_set else None
    view = await container.posting().publish(
        session.user_id, body.text, image_ids, visibility, sensitive=body.sensitive, warning=body.warning
    )
    response.headers["Location"] = f"/v1/posts/{view.post.id}"
    return Post.of(view)


@router.get("", name="list", responses=problems(401))
async def list_posts(container: ContainerDep, viewer: Viewer, list_request: ListQuery) -> ListOf[Post]:
    """All public posts, newest first."""
    page = await container.browsing().newest(viewer, list_request.page("posts"))
    return list_request.to_list(page, "posts", Post.of)


@router.get("/{post_id}", responses=problems(401, 404))
async def get(post_id: PostIdPath, container: ContainerDep, viewer: Viewer) -> Post:
    """One post."""
    return Post.of(await container.browsing().post(post_id, viewer))


@router.patch("/{post_id}", responses=problems(400, 401, 403, 404, 415))
async def update(session: CurrentSession, post_id: PostIdPath, body: PostUpdate, container: ContainerDep) -> Post:
    """Change the text, the visibility or the warning."""
    sent = body.model_fields_set
    changes = PostChanges(
        container.limits(),
        body.text if "text" in sent else None,
        body.visibility if "visibility" in sent else None,
        body.sensitive if "sensitive" in sent else None,
        body.warning,
        remove_warning="warning" in sent and body.warning is None,
    )
    return Post.of(await container.posting().change(post_id, session.user_id, changes))


@router.delete("/{post_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404))
async def delete(session: CurrentSession, post_id: PostIdPath, container: ContainerDep) -> None:
    """Delete a post with its likes, comments and images."""
    await container.posting().delete(post_id, session.user_id)


@router.put("/{post_id}/like", responses=problems(401, 404, 429), dependencies=[rate_limit(LIKE)])
async def like(session: CurrentSession, post_id: PostIdPath, container: ContainerDep) -> LikeState:
    """Like a post. Idempotent."""
    return LikeState.of(await container.liking().like(post_id, session.user_id))


@router.delete("/{post_id}/like", responses=problems(401, 404, 429), dependencies=[rate_limit(LIKE)])
async def unlike(session: CurrentSession, post_id: PostIdPath, container: ContainerDep) -> LikeState:
    """Remove your like. Idempotent."""
    return LikeState.of(await container.liking().unlike(post_id, session.user_id))


@router.get("/{post_id}/likes", responses=problems(401, 404))
async def list_likes(
    post_id: PostIdPath, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> ListOf[User]:
    """The users who liked a post, newest like first."""
    scope = f"posts/{post_id}/likes"
    page = await container.liking().likers(post_id, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)
