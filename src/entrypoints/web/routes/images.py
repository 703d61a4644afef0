from fastapi import APIRouter, Request, Response

from container import Container
from domain.ids import ImageId
from domain.images import Image
from domain.rate_limits import ANSWER, REPEAT_ANALYSIS
from domain.tokens import Session
from domain.understanding import Task
from domain.vision import Verdict
from entrypoints.http.dependencies import ContainerDep, CurrentSession, ImageIdPath, Viewer
from entrypoints.http.rate_limiting import count_use, rate_limit
from entrypoints.web.forms import form_of
from entrypoints.web.redirects import redirect_back
from entrypoints.web.rendering import is_partial, render
from entrypoints.web.routing import PageRoute

router = APIRouter(prefix="/pictures/{image_id}", route_class=PageRoute)


@router.get("/labels")
async def show_labels(request: Request, container: ContainerDep, viewer: Viewer, image_id: ImageIdPath) -> Response:
    """The current labels of the image."""
    return render(request, "parts/image_labels.html", image=await container.uploading().image(image_id, viewer))


@router.get("/alt")
async def show_alt_text(request: Request, container: ContainerDep, viewer: Viewer, image_id: ImageIdPath) -> Response:
    """The alt text, or the suggestion that the owner may accept."""
    return render(request, "parts/image_alt.html", image=await container.uploading().image(image_id, viewer))


@router.post("/alt")
async def describe(
    request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath
) -> Response:
    """Set or remove the alt text, or accept or reject the suggestion."""
    form, uploading, owner = form_of(request), container.uploading(), session.user_id
    if form.text("do") == "reject":
        image = await uploading.reject_suggestion(image_id, owner)
    elif form.text("do") == "accept":
        image = await uploading.describe(image_id, owner, form.text("suggestion"), based_on_suggestion=True)
    else:
        text = form.text("alt").strip() or None
        image = await uploading.describe(image_id, owner, text, based_on_suggestion=form.text("based") == "yes")
    return _respond(request, "parts/image_alt.html", image)


@router.post("/verdict")
async def judge(request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath) -> Response:
    """Mark a label as right or wrong."""
    form = form_of(request)
    verdict = Verdict.WRONG if form.text("verdict") == "wrong" else Verdict.RIGHT
    await container.label_feedback().judge(image_id, session.user_id, form.text("key"), verdict)
    return _respond(request, "parts/image_labels.html", await container.uploading().image(image_id, session.user_id))


@router.post("/retry")
async def retry(request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath) -> Response:
    """Request classification or a suggestion again, at most once a minute."""
    task = Task.CAPTION if form_of(request).text("task") == "caption" else Task.CLASSIFICATION
    await count_use(request, REPEAT_ANALYSIS, image_id, task)
    image = await container.image_analysis().request_again(image_id, session.user_id, task)
    part = "parts/image_alt.html" if task is Task.CAPTION else "parts/image_labels.html"
    return _respond(request, part, image)


@router.get("/sensitivity")
async def show_sensitivity(
    request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath
) -> Response:
    """The question of the detector about an own image in a post, if there is one."""
    return await _render_sensitivity(request, container, session, image_id, "parts/sensitivity_form.html")


@router.get("/sensitivity-choice")
async def show_sensitivity_choice(
    request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath
) -> Response:
    """The same as part of a form."""
    return await _render_sensitivity(request, container, session, image_id, "parts/sensitivity_choice.html")


@router.post("/sensitivity", dependencies=[rate_limit(ANSWER)])
async def answer_sensitivity(
    request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath
) -> Response:
    """Answer whether the image is sensitive."""
    sensitive = form_of(request).text("sensitive") == "yes"
    own = await container.sensitivity_feedback().answer(image_id, session.user_id, sensitive=sensitive)
    image = await container.uploading().image(image_id, session.user_id)
    return _respond(request, "parts/sensitivity_form.html", image, own=own)


async def _render_sensitivity(
    request: Request, container: Container, session: Session, image_id: ImageId, part: str
) -> Response:
    own = await container.sensitivity_feedback().own_score(image_id, session.user_id)
    image = await container.uploading().image(image_id, session.user_id)
    return render(request, part, image=image, own=own, answer=None)


def _respond(request: Request, part: str, image: Image, **values: object) -> Response:
    if is_partial(request):
        return render(request, part, image=image, **values)
    return redirect_back(request, f"/posts/{image.post_id}" if image.post_id else "/new", f"image-{image.id}")
