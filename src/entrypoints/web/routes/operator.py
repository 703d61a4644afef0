from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError
from domain.vision import ImageClassifier, Model
from domain.vision.model_fetch import FetchAttempt, FetchRecords
from entrypoints.http.dependencies import AdminSession, ContainerDep
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/operator", route_class=PageRoute)

MAX_STUCK = 50


@router.get("")
async def operator(request: Request, container: ContainerDep, _: AdminSession) -> Response:
    """The queue, tasks with errors, the model with its device and fetch attempts, and the budget."""
    understanding = container.image_analysis()
    probes = [container.fetch_probe(), container.device_probe()]
    return await render_page(
        request,
        "operator.html",
        health=[*await container.health_checks().run(), *[await probe.check() for probe in probes]],
        model=await _model(container),
        attempts=_fetch_attempts(container),
        counts=await understanding.task_counts(),
        stuck=await understanding.find_stuck(MAX_STUCK),
        spent=await container.captioning().spent_today(),
        budget=container.budget(),
        retried=request.query_params.get("retried"),
    )


@router.post("/retry")
async def retry(container: ContainerDep, _: AdminSession) -> Response:
    """Request again all tasks that failed permanently."""
    return redirect_to(f"/operator?retried={await container.image_analysis().retry_failed()}")


async def _model(container: Container) -> Model | None:
    classifier: ImageClassifier = container.classifier()
    try:
        return await classifier.model()
    except DomainError:  # the health checks report the error
        return None


def _fetch_attempts(container: Container) -> Sequence[FetchAttempt]:
    """Return the attempts to fetch the main model, the latest first."""
    records: FetchRecords = container.fetch_records()
    try:
        return records.read().attempts[::-1]
    except DomainError:
        return ()
