from collections.abc import Sequence

from fastapi import APIRouter, Request, Response

from container import Container
from domain.errors import DomainError, NotFound
from domain.ids import EmailId
from domain.mailer import Message
from domain.vision import ImageClassifier, Model
from domain.vision.model_fetch import FetchAttempt, FetchRecords
from entrypoints.http.dependencies import AdminSession, ContainerDep, parse_id
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import render_page
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/operator", route_class=PageRoute)

MAX_STUCK = 50
MAX_EMAILS = 20


@router.get("")
async def operator(request: Request, container: ContainerDep, _: AdminSession) -> Response:
    """The queue, tasks with errors, e-mails, the model with its device and fetch attempts, and the budget."""
    return await _render_operator(request, container)


@router.post("/emails/{email_id}/link")
async def show_link(request: Request, email_id: str, container: ContainerDep, _: AdminSession) -> Response:
    """Show a new link of an e-mail, where messages are written to the log."""
    if container.mail_delivered():
        raise NotFound("links are shown only where messages are written to the log (TINTYPE_MAIL=log)")
    message = await container.mailing().issue_link(EmailId(parse_id(email_id, "e-mail")))
    return await _render_operator(request, container, message)


async def _render_operator(request: Request, container: Container, message: Message | None = None) -> Response:
    understanding, mailing = container.image_analysis(), container.mailing()
    probes = [container.mail_probe(), container.fetch_probe(), container.device_probe()]
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
        email_counts=await mailing.counts(),
        emails=await mailing.recent(MAX_EMAILS),
        message=message,
        retried=request.query_params.get("retried"),
    )


@router.post("/retry")
async def retry(container: ContainerDep, _: AdminSession) -> Response:
    """Request again all tasks and e-mails that failed permanently."""
    count = await container.image_analysis().retry_failed() + await container.mailing().retry_failed()
    return redirect_to(f"/operator?retried={count}")


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
