from http import HTTPStatus
from typing import TypeVar

from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import FieldError, Invalid
from domain.rate_limits import CHANGE_FACTORS
from domain.second_factors import SecondFactor as Factor
from domain.tokens import Session
from entrypoints.http.connection import site_of
from entrypoints.http.dependencies import ContainerDep, CurrentSession, FactorIdPath
from entrypoints.http.lists import ListOf
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import rate_limit
from entrypoints.rest.routing import Route, SecretRoute
from entrypoints.rest.schemas.second_factors import (
    Confirmation,
    FactorChallenge,
    FactorChallengeCreate,
    FactorCreate,
    NewSecondFactor,
    SecondFactor,
)

T = TypeVar("T")

router = APIRouter(prefix="/me/second-factors", tags=["second-factors"], route_class=Route)
secret_router = APIRouter(prefix="/me/second-factors", tags=["second-factors"], route_class=SecretRoute)
challenges_router = APIRouter(prefix="/me/second-factor-challenges", tags=["second-factors"], route_class=SecretRoute)
confirmations_router = APIRouter(prefix="/me/confirmations", tags=["me"], route_class=SecretRoute)


@confirmations_router.post("", status_code=HTTPStatus.NO_CONTENT, responses=problems(400, 401, 415, 429))
async def confirm(body: Confirmation, container: ContainerDep, session: CurrentSession) -> None:
    """Confirm your password. For ten minutes this session may change second factors."""
    await container.signing_in().confirm_session(session, body.password)


@challenges_router.post(
    "",
    status_code=201,
    responses=problems(400, 401, 403, 409, 415, 429),
    dependencies=[rate_limit(CHANGE_FACTORS)],
)
async def create_challenge(
    body: FactorChallengeCreate, container: ContainerDep, session: CurrentSession, request: Request
) -> FactorChallenge:
    """Begin to add an authenticator app or a passkey. It counts after `POST /v1/me/second-factors`."""
    enrolment, site = container.factor_enrolment(), site_of(request)
    if body.kind == "totp":
        return FactorChallenge.of_totp(await enrolment.begin_totp(session, site))
    return FactorChallenge.of_passkey(await enrolment.begin_passkey(session, site))


@secret_router.post(
    "", status_code=201, responses=problems(400, 401, 403, 409, 415, 429), dependencies=[rate_limit(CHANGE_FACTORS)]
)
async def create(
    body: FactorCreate, container: ContainerDep, session: CurrentSession, request: Request, response: Response
) -> NewSecondFactor:
    """Add an authenticator app with its first code, a passkey with its response, or recovery codes."""
    factor, codes = await _add(body, container, session, request)
    response.headers["Location"] = f"/v1/me/second-factors/{factor.id}"
    return NewSecondFactor.with_codes(factor, codes)


async def _add(
    body: FactorCreate, container: Container, session: Session, request: Request
) -> tuple[Factor, list[str] | None]:
    enrolment = container.factor_enrolment()
    if body.kind == "recovery_codes":
        return await enrolment.add_recovery_codes(session)
    challenge = _require("challenge", body.challenge)
    if body.kind == "totp":
        code = _require("code", body.code)
        return await enrolment.add_totp(session, challenge, code, body.name or "Authenticator app"), None
    passkey = _require("passkey", body.passkey)
    return await enrolment.add_passkey(session, challenge, passkey, body.name or "Passkey", site_of(request)), None


def _require(name: str, value: T | None) -> T:
    if value is None:
        raise Invalid.of(FieldError(name, "missing", "is missing"))
    return value


@router.get("", name="list", responses=problems(401))
async def list_factors(
    container: ContainerDep, session: CurrentSession, list_request: ListQuery
) -> ListOf[SecondFactor]:
    """Your second factors, newest first."""
    scope = f"me/{session.user_id}/second-factors"
    page = await container.factor_enrolment().factors(session.user_id, list_request.page(scope))
    return list_request.to_list(page, scope, SecondFactor.of)


@router.get("/{factor_id}", responses=problems(401, 404))
async def get(factor_id: FactorIdPath, container: ContainerDep, session: CurrentSession) -> SecondFactor:
    """One of your second factors."""
    return SecondFactor.of(await container.factor_enrolment().factor(session.user_id, factor_id))


@router.delete(
    "/{factor_id}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(401, 403, 404, 429),
    dependencies=[rate_limit(CHANGE_FACTORS)],
)
async def delete(factor_id: FactorIdPath, container: ContainerDep, session: CurrentSession) -> None:
    """Remove a second factor. With the last one, the recovery codes are removed too."""
    await container.factor_enrolment().remove(session, factor_id)
