from http import HTTPStatus

from fastapi import APIRouter

from domain.rate_limits import CHALLENGE, MODERATE_SIGN_UP
from entrypoints.http.dependencies import ContainerDep, ModeratorSession
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.sign_ups import PendingUser, SignUpChallenge, SignUpState

router = APIRouter(tags=["sign-ups"], route_class=Route)


@router.get("/sign-up", responses=problems(429), dependencies=[rate_limit(CHALLENGE)])
async def get(container: ContainerDep) -> SignUpState:
    """What a sign-up needs. Each answer has a new challenge, which is valid for 10 minutes and can be used once."""
    signing_up, terms = container.signing_up(), await container.terms_publishing().current()
    challenge = signing_up.create_challenge()
    return SignUpState(
        mode=signing_up.mode.value,
        terms=terms.version if terms else None,
        challenge=SignUpChallenge.of(challenge) if challenge else None,
    )


@router.get("/moderation/sign-ups", name="list", responses=problems(401, 403))
async def list_sign_ups(container: ContainerDep, _: ModeratorSession, list_request: ListQuery) -> ListOf[PendingUser]:
    """The accounts that wait for approval, newest first."""
    page = await container.signing_up().pending(list_request.page("sign-ups"))
    return list_request.to_list(page, "sign-ups", PendingUser.of)


@router.put(
    "/moderation/sign-ups/{username}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 429),
    dependencies=[rate_limit(MODERATE_SIGN_UP)],
)
async def approve(session: ModeratorSession, username: str, container: ContainerDep) -> None:
    """Approve a sign-up. The applicant's reason is deleted."""
    await container.signing_up().approve(username, session.moderator)


@router.delete(
    "/moderation/sign-ups/{username}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 429),
    dependencies=[rate_limit(MODERATE_SIGN_UP)],
)
async def refuse(session: ModeratorSession, username: str, container: ContainerDep) -> None:
    """Refuse a sign-up. Its account is deleted."""
    await container.signing_up().refuse(username, session.moderator)
