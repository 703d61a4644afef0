from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from container import Container
from domain.errors import DomainError, NotFound
from domain.model_fetch import FetchAttempt, FetchRecords
from domain.tokens import Session
from domain.users import Role
from domain.vision import ImageClassifier, Model
from entrypoints.rest.dependencies import ContainerDep, session_of
from entrypoints.web.redirects import see
from entrypoints.web.rendering import page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/operator", route_class=PageRoute)

STUCK_SHOWN = 50

SessionDep = Annotated[Session | None, Depends(session_of)]


@router.get("")
async def operator(request: Request, container: ContainerDep, session: SessionDep) -> Response:
    """The queue, what is stuck and why, the model, its device and the attempts to fetch it, the budget."""
    _admin(session)
    understanding = container.understanding()
    probes = [container.fetch_probe(), container.device_probe()]
    return await page(
        request,
        "operator.html",
        health=[*await container.checkup().examine(), *[await probe.check() for probe in probes]],
        model=await _model(container),
        attempts=_attempts(container),
        counts=await understanding.status(),
        stuck=await understanding.stuck(STUCK_SHOWN),
        spent=await container.captioning().spent_today(),
        budget=container.budget(),
        retried=request.query_params.get("retried"),
    )


@router.post("/retry")
async def retry(container: ContainerDep, session: SessionDep) -> Response:
    """Ask again for everything that failed for good."""
    _admin(session)
    return see(f"/operator?retried={await container.understanding().retry_failed()}")


def _admin(session: Session | None) -> None:
    """For others there is no such page, whether they are signed in or not."""
    if session is None or session.role is not Role.ADMIN:
        raise NotFound("there is no such page")


async def _model(container: Container) -> Model | None:
    classifier: ImageClassifier = container.classifier()
    try:
        return await classifier.model()
    except DomainError:  # the health says why
        return None


def _attempts(container: Container) -> Sequence[FetchAttempt]:
    """To fetch the main model, the latest first."""
    records: FetchRecords = container.fetch_records()
    try:
        return records.read().attempts[::-1]
    except DomainError:
        return ()
