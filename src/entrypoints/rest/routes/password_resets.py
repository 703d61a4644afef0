from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from domain.rate_limits import RESET_PASSWORD, USE_LINK
from domain.users import validate_email
from entrypoints.http.dependencies import ContainerDep, Viewer
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_recipient, rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.users import PasswordReset, PasswordResetRequest

router = APIRouter(prefix="/password-resets", tags=["password-resets"], route_class=Route)


@router.post(
    "",
    status_code=HTTPStatus.ACCEPTED,
    response_class=Response,
    responses=problems(400, 401, 403, 415, 429),
    dependencies=[rate_limit(RESET_PASSWORD)],
)
async def create(body: PasswordResetRequest, container: ContainerDep, request: Request) -> None:
    """Send a link to the account with this e-mail address. The answer is the same for every address."""
    address = validate_email(body.email)
    await count_recipient(request, address)
    await container.password_resets().request(address)


@router.put(
    "/{token}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(400, 401, 403, 404, 415, 429),
    dependencies=[rate_limit(USE_LINK)],
)
async def use(token: str, body: PasswordReset, container: ContainerDep, viewer: Viewer) -> None:
    """Set a new password by the token of the link, which works once, within one hour. All sessions end."""
    await container.password_resets().reset(token, body.password, viewer)
