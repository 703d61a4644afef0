from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from domain.rate_limits import BLOCK, FOLLOW, SIGN_UP
from domain.sign_ups import Application
from domain.users import SignUp
from entrypoints.http.dependencies import ContainerDep, CurrentSession, Viewer
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_recipient, count_use, rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.posts import Post
from entrypoints.rest.schemas.users import User, UserCreate

router = APIRouter(prefix="/users", tags=["users"], route_class=Route)


@router.post("", status_code=201, responses=problems(400, 401, 403, 409, 415, 429))
async def create(body: UserCreate, container: ContainerDep, request: Request, response: Response) -> User:
    """Create an account, and send a link to verify the e-mail address. `Ada` is stored and displayed as `ada`. Where
    the service delivers mail, the answer does not reveal whether the address has an account already, and signing in
    by the address works when it is verified; `email_taken` is then not returned.

    `GET /v1/sign-up` says what else is needed: an invitation, a reason, the terms or a challenge."""
    newcomer = SignUp(body.username, body.email, body.password, body.display_name)
    await count_use(request, SIGN_UP)
    await count_recipient(request, newcomer.email)
    application = Application(body.invite, body.reason, body.accepted_terms, body.altcha)
    profile = await container.signing_up().sign_up(newcomer, application)
    response.headers["Location"] = f"/v1/users/{profile.user.username}"
    return User.of(profile)


@router.get("/{username}", responses=problems(401, 404))
async def get(username: str, container: ContainerDep, viewer: Viewer) -> User:
    """A user, with exact counts."""
    return User.of(await container.accounts().profile(username, viewer))


@router.get("/{username}/posts", responses=problems(401, 404))
async def list_posts(username: str, container: ContainerDep, viewer: Viewer, list_request: ListQuery) -> ListOf[Post]:
    """The posts of a user, newest first."""
    scope = _scope(username, "posts")
    page = await container.browsing().of_author(username, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, Post.of)


@router.get("/{username}/likes", responses=problems(401, 404))
async def list_likes(username: str, container: ContainerDep, viewer: Viewer, list_request: ListQuery) -> ListOf[Post]:
    """The posts that a user liked, newest like first."""
    scope = _scope(username, "likes")
    page = await container.browsing().liked_by(username, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, Post.of)


@router.get("/{username}/followers", responses=problems(401, 404))
async def list_followers(
    username: str, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> ListOf[User]:
    """The followers of a user, newest follow first."""
    scope = _scope(username, "followers")
    page = await container.following().followers(username, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)


@router.get("/{username}/following", responses=problems(401, 404))
async def list_following(
    username: str, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> ListOf[User]:
    """The users that a user follows, newest follow first."""
    scope = _scope(username, "following")
    page = await container.following().following(username, viewer, list_request.page(scope))
    return list_request.to_list(page, scope, User.of)


@router.put(
    "/{username}/follow",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 429),
    dependencies=[rate_limit(FOLLOW)],
)
async def follow(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Follow a user, or request it from a private account (`viewer.requested`). Idempotent."""
    await container.following().follow(session.user_id, username)


@router.delete(
    "/{username}/follow",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 404, 429),
    dependencies=[rate_limit(FOLLOW)],
)
async def unfollow(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Unfollow a user, or withdraw the request. Idempotent."""
    await container.following().unfollow(session.user_id, username)


@router.put(
    "/{username}/block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 404, 429),
    dependencies=[rate_limit(BLOCK)],
)
async def block(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Block a user: neither sees the other's content, and follows between the two end. Idempotent."""
    await container.blocking().block(session.user_id, username)


@router.delete(
    "/{username}/block",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 404, 429),
    dependencies=[rate_limit(BLOCK)],
)
async def unblock(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Remove a block. Follows are not restored. Idempotent."""
    await container.blocking().unblock(session.user_id, username)


@router.put(
    "/{username}/mute",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 404, 429),
    dependencies=[rate_limit(BLOCK)],
)
async def mute(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Mute a user: their posts are hidden from mixed lists; they are not notified. Idempotent."""
    await container.blocking().mute(session.user_id, username)


@router.delete(
    "/{username}/mute",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 404, 429),
    dependencies=[rate_limit(BLOCK)],
)
async def unmute(session: CurrentSession, username: str, container: ContainerDep) -> None:
    """Remove a mute. Idempotent."""
    await container.blocking().unmute(session.user_id, username)


def _scope(username: str, name: str) -> str:
    return f"users/{username.lower()}/{name}"
