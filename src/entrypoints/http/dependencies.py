"""FastAPI dependencies of routes: the container, the session, and ids."""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Path, Request
from fastapi.security import OAuth2PasswordBearer

from container import Container
from domain.errors import NotFound, Unauthenticated
from domain.ids import (
    CommentId,
    DecisionId,
    EntryId,
    FactorId,
    ImageId,
    InviteId,
    PostId,
    ReportGroupId,
    TokenId,
    UserId,
)
from domain.roles import Role
from domain.scopes import InsufficientScope, Scope, required_scope
from domain.sign_ups import AccountPending
from domain.tokens import NotSignedIn, Session, require_rights
from entrypoints.http.cookies import SESSION_COOKIE, cookie_name

T = TypeVar("T")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SIGN_IN_HINT = "sign in at POST /v1/tokens and send its access_token as `Authorization: Bearer …`"


def container_of(request: Request) -> Container:
    return cast(Container, request.app.state.container)


class BearerSession(OAuth2PasswordBearer):
    """Returns the session, looked up once per request; None without a token. For reads, the cookie of the web UI also
    counts, so that images load. Raises `NotSignedIn`, `TokenExpired`, `InsufficientScope`. OpenAPI describes it as
    OAuth2's password flow.
    """

    def __init__(self) -> None:
        super().__init__(tokenUrl="/v1/tokens", scheme_name="bearer", auto_error=False)

    async def __call__(self, request: Request) -> Session | None:  # type: ignore[override]  # a dependency is called
        if not hasattr(request.state, "session"):  # by FastAPI alone, and may ask for and answer what it likes
            request.state.session = await _find_session(request)
        return cast("Session | None", request.state.session)


async def _find_session(request: Request) -> Session | None:
    header = request.headers.get("authorization")
    if header is not None:
        session: Session = await container_of(request).signing_in().session(_bearer_token(header))
        _check_scope(request, session)
        return session
    return await cookie_session(request) if request.method in {"GET", "HEAD"} else None


def _check_scope(request: Request, session: Session) -> None:
    scope: Scope = getattr(request.state, "required_scope", required_scope(request.method))
    if scope not in session.scopes:
        raise InsufficientScope(scope, session.scopes)


async def cookie_session(request: Request) -> Session | None:
    """Return the session of the web UI's cookie; None without a cookie or with an invalid one. Tokens of programs are
    invalid there, because pages check no scopes."""
    secret = request.cookies.get(cookie_name(request, SESSION_COOKIE))
    try:
        session: Session | None = await container_of(request).signing_in().session(secret) if secret else None
    except Unauthenticated:
        return None
    return session if session and session.is_unrestricted else None


def _bearer_token(header: str) -> str:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise NotSignedIn(f"the Authorization header is not a bearer token; {_SIGN_IN_HINT}")
    return secret.strip()


session_of = BearerSession()


async def require_any_session(session: Annotated[Session | None, Depends(session_of)]) -> Session:
    """Return the session, also of an account whose sign-up waits for approval. Raises `NotSignedIn`."""
    if session is None:
        raise NotSignedIn(f"this call needs a token; {_SIGN_IN_HINT}")
    return session


async def require_session(session: Annotated[Session | None, Depends(session_of)]) -> Session:
    """Return the session. Raises `NotSignedIn`, `AccountPending`."""
    session = await require_any_session(session)
    if session.is_pending:
        raise AccountPending
    return session


@dataclass(frozen=True, slots=True)
class SessionOf:
    """Returns the session of an account whose role includes `role`. Raises `NotSignedIn`, `RightsWithheld`,
    `RoleRequired`. Pages answer the latter with 404."""

    role: Role

    async def __call__(self, session: Annotated[Session, Depends(require_session)]) -> Session:
        require_rights(session, self.role)
        return session


def highest_role(calls: Collection[object]) -> Role:
    """Return the role that the dependencies of a route require."""
    roles = [call.role for call in calls if isinstance(call, SessionOf)]
    return next((role for role in reversed(Role) if role in roles), Role.USER)


def session_check(calls: Collection[object]) -> Callable[[Request], Awaitable[Session]] | None:
    """Return the check of the session among the dependencies of a route; None if the route needs no session."""
    roles = [call for call in calls if isinstance(call, SessionOf)]
    require = require_any_session if require_any_session in calls else require_session
    if not roles and require not in calls:
        return None

    async def check(request: Request) -> Session:
        session = await require(await session_of(request))
        for role in roles:
            await role(session)
        return session

    return check


async def optional_viewer(session: Annotated[Session | None, Depends(session_of)]) -> UserId | None:
    """Return the user, None without a session. Raises `AccountPending`."""
    return (await require_session(session)).user_id if session else None


async def optional_any_viewer(session: Annotated[Session | None, Depends(session_of)]) -> UserId | None:
    """Return the user, also of an account whose sign-up waits for approval; None without a session."""
    return session.user_id if session else None


def viewer_check(calls: Collection[object]) -> Callable[[Session | None], Awaitable[UserId | None]] | None:
    """Return the dependency of a route that finds its viewer; None if the route has no viewer."""
    return next((check for check in (optional_viewer, optional_any_viewer) if check in calls), None)


async def _container(request: Request) -> Container:
    return container_of(request)


ContainerDep = Annotated[Container, Depends(_container)]
CurrentSession = Annotated[Session, Depends(require_session)]
AnySession = Annotated[Session, Depends(require_any_session)]
ModeratorSession = Annotated[Session, Depends(SessionOf(Role.MODERATOR))]
AdminSession = Annotated[Session, Depends(SessionOf(Role.ADMIN))]
Viewer = Annotated[UserId | None, Depends(optional_viewer)]
AnyViewer = Annotated[UserId | None, Depends(optional_any_viewer)]


def parse_id(text: str, kind: str, **facts: object) -> UUID:
    """Parse an id. Ids are opaque to clients, so an invalid one is reported like an absent object."""
    if not _UUID.fullmatch(text):
        raise NotFound(f"there is no such {kind}; ids are given by the server and taken as they are", **facts)
    return UUID(text)


def _path_id(kind: str, wrap: Callable[[UUID], T]) -> Any:
    async def parse_path_id(text: Annotated[str, Path(alias=f"{kind}_id")]) -> T:
        return wrap(parse_id(text, kind))

    return Depends(parse_path_id)


PostIdPath = Annotated[PostId, _path_id("post", PostId)]
ImageIdPath = Annotated[ImageId, _path_id("image", ImageId)]
CommentIdPath = Annotated[CommentId, _path_id("comment", CommentId)]
InviteIdPath = Annotated[InviteId, _path_id("invite", InviteId)]
FactorIdPath = Annotated[FactorId, _path_id("factor", FactorId)]
TokenIdPath = Annotated[TokenId, _path_id("token", TokenId)]
DecisionIdPath = Annotated[DecisionId, _path_id("decision", DecisionId)]
EntryIdPath = Annotated[EntryId, _path_id("entry", EntryId)]
ReportGroupIdPath = Annotated[ReportGroupId, _path_id("group", ReportGroupId)]
