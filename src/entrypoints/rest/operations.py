"""Endpoints for operators: liveness, readiness and metrics."""

from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response

from domain.errors import DomainError
from domain.health import Health
from domain.roles import Role
from domain.scopes import Scope
from domain.services.health_checks import can_serve
from entrypoints.http.dependencies import ContainerDep, session_of
from entrypoints.http.schemas import Out
from entrypoints.rest.metrics import CONTENT_TYPE_LATEST

router = APIRouter(tags=["operations"])
metrics_router = APIRouter(tags=["operations"])
"""Omitted if the metrics have a separate port."""


class Alive(Out):
    status: str = "alive"


class ReadinessPart(Out):
    """The state of a component. `detail` and `remedy` contain paths and versions; only admins receive them."""

    part: str
    ok: bool
    required: bool
    detail: str | None = None
    remedy: str | None = None


class Readiness(Out):
    ready: bool
    parts: list[ReadinessPart]


@router.get("/healthz")
async def health() -> Alive:
    """Whether this process responds."""
    return Alive()


@router.get("/readyz", responses={503: {"model": Readiness, "description": "A required part does not work."}})
async def readiness(container: ContainerDep, request: Request, response: Response) -> Readiness:
    """Whether database and storage work. The model's state is reported but not required. Admins also receive
    details."""
    found = await container.health_checks().run()
    in_detail = await _is_admin(request)
    ready = can_serve(found)
    response.status_code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return Readiness(ready=ready, parts=[_readiness_part(health, in_detail=in_detail) for health in found])


@metrics_router.get("/metrics", response_class=Response, responses={200: {"content": {CONTENT_TYPE_LATEST: {}}}})
async def metrics(container: ContainerDep, request: Request) -> Response:
    """Counts and durations in Prometheus' text format."""
    found: Any = request.app.state.metrics
    return Response(await found.exposition(container), media_type=CONTENT_TYPE_LATEST)


async def _is_admin(request: Request) -> bool:
    """Whether the caller is an admin. False also when the database is unreachable."""
    with suppress(DomainError):
        session = await session_of(request)
        return session is not None and session.role.includes(Role.ADMIN) and Scope.ADMIN in session.scopes
    return False


def _readiness_part(health: Health, *, in_detail: bool) -> ReadinessPart:
    if not in_detail:
        return ReadinessPart(health.part, health.ok, health.required)
    return ReadinessPart(health.part, health.ok, health.required, health.detail, health.remedy)
