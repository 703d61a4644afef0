from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from domain.rate_limits import PROVE_EMAIL, USE_LINK
from entrypoints.http.dependencies import AnyViewer, ContainerDep, CurrentSession
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_recipient, rate_limit
from entrypoints.rest.routing import Route

router = APIRouter(prefix="/email-proofs", tags=["email-proofs"], route_class=Route)


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_class=Response,
    responses=problems(401, 429),
    dependencies=[rate_limit(PROVE_EMAIL)],
)
async def create(session: CurrentSession, container: ContainerDep, request: Request) -> None:
    """Send another link to your e-mail address. Has no effect if the address is verified."""
    profile = await container.accounts().profile(session.username, session.user_id)
    await count_recipient(request, profile.user.email)
    await container.email_proofs().request(session.user_id)


@router.put(
    "/{token}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 409, 429),
    dependencies=[rate_limit(USE_LINK)],
)
async def use(token: str, container: ContainerDep, viewer: AnyViewer) -> None:
    """Confirm an address or its change by the token of the link, which works once within 24 hours."""
    await container.email_proofs().confirm(token, viewer)
