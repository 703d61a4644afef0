"""Composing of posts: upload of images, then text and alt texts."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from container import Container
from domain.errors import DomainError, Invalid, NotFound, TooMany, Unavailable
from domain.ids import ImageId, PostId, UserId
from domain.images import Image
from domain.pages import PageRequest
from domain.posts import NewPost, Visibility, require_image_limit
from domain.rate_limits import POST, UPLOAD
from domain.tokens import Session
from domain.vision.duplicates import Duplicate
from entrypoints.http.dependencies import ContainerDep, CurrentSession, ImageIdPath, parse_id
from entrypoints.http.rate_limiting import count_use
from entrypoints.web.forms import NO_REFUSAL, Form, Refusal, form_of
from entrypoints.web.idempotency import run_once
from entrypoints.web.redirects import redirect_to
from entrypoints.web.rendering import is_partial, render, render_page
from entrypoints.web.routing import PageRoute, PostFormRoute
from entrypoints.web.sensitivity import read_answers, save_answers

router = APIRouter(prefix="/new", route_class=PageRoute)
images_router = APIRouter(prefix="/new", route_class=PostFormRoute)

UNPOSTED_PAGE = PageRequest(24)
MAX_NAMED_IMAGES = 200
"""The maximum number of images in a URL or form. It exceeds the limit of a post; each image costs a query."""


@dataclass
class PostForm:
    """The content of an unpublished post, so that no input is lost between requests."""

    images: list[Image] = field(default_factory=list)
    text: str = ""
    visibility: Visibility = Visibility.PUBLIC
    sensitive: bool = False
    warning: str = ""
    alts: dict[ImageId, str] = field(default_factory=dict)
    based: set[ImageId] = field(default_factory=set)
    answers: dict[ImageId, bool] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    temporary_error: DomainError | None = None
    refusal: Refusal = NO_REFUSAL

    def fail(self, file: UploadFile, error: DomainError) -> None:
        """Record why a file was left out."""
        self.failures.append(f"{file.filename or 'a file without a name'}: {error.detail}")
        if isinstance(error, TooMany | Unavailable):
            self.temporary_error = self.temporary_error or error

    def refuse(self, request: Request, error: DomainError) -> None:
        refusal = Refusal.of(request, error)
        self.refusal = replace(refusal, detail="") if self.failures else refusal


@router.get("")
async def compose(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    ids = request.query_params.getlist("image")
    user = (await container.accounts().profile(session.username, session.user_id)).user
    post_form = PostForm(await _find_images(container, session.user_id, ids), visibility=user.default_visibility)
    return await _render_form(request, container, session, post_form)


@router.get("/pictures/{image_id}")
async def show_card(
    request: Request, container: ContainerDep, session: CurrentSession, image_id: ImageIdPath
) -> Response:
    """Return the card of an image with its current results."""
    image = await _find_unposted(container, session.user_id, image_id)
    return render(request, "parts/upload_results.html", **await _card(container, image, session.user_id))


@images_router.post("/pictures")
async def upload(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Upload images. A script uploads them one by one and receives the card of each."""
    form, me = form_of(request), session.user_id
    if is_partial(request):
        files = form.files("file")
        require_image_limit(len(files), container.limits())
        images = [await _upload(request, container, me, file) for file in files]
        cards = [await _card(container, image, me) for image in images]
        return render(
            request, "parts/upload_cards.html", cards=cards, alts={}, based=set(), answers={}, refusal=NO_REFUSAL
        )
    post_form = await _read_post_form(container, me, form)
    await _add_files(request, container, me, form.files("file"), post_form)
    if post_form.temporary_error is not None:
        post_form.refuse(request, post_form.temporary_error)
    return await _render_form(request, container, session, post_form)


@images_router.post("/suggestion")
async def use_suggestion(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Copy the suggestion into the field, for browsers without scripts."""
    form = form_of(request)
    post_form = await _read_post_form(container, session.user_id, form)
    for image in post_form.images:
        if str(image.id) == form.text("take") and image.suggestion:
            post_form.alts[image.id] = image.suggestion.text
            post_form.based.add(image.id)
    return await _render_form(request, container, session, post_form)


@images_router.post("/remove")
async def remove(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    """Remove an image from the post, which deletes it."""
    form = form_of(request)
    image_id = ImageId(parse_id(form.text("remove"), "image"))
    await container.uploading().delete(image_id, session.user_id)
    if is_partial(request):
        return Response()
    return await _render_form(request, container, session, await _read_post_form(container, session.user_id, form))


@images_router.post("")
async def publish(request: Request, container: ContainerDep, session: CurrentSession) -> Response:
    form, me = form_of(request), session.user_id
    post_form = await _read_post_form(container, me, form)
    try:
        post_id = await run_once(request, lambda: _create_post(request, container, me, form, post_form))
    except DomainError as error:
        post_form.refuse(request, error)
        return await _render_form(request, container, session, post_form)
    return redirect_to(f"/posts/{post_id}")


async def _create_post(request: Request, container: Container, me: UserId, form: Form, post_form: PostForm) -> PostId:
    await _add_files(request, container, me, form.files("file"), post_form)
    if post_form.failures:
        raise post_form.temporary_error or Invalid("; ".join(post_form.failures))
    ids = tuple(image.id for image in post_form.images)
    warning = post_form.warning.strip() or None
    NewPost(post_form.text, ids, container.limits(), warning)
    await count_use(request, POST)
    for image in post_form.images:
        await _describe(container, image, post_form)
    await save_answers(request, container, me, post_form.answers)
    view = await container.posting().publish(
        me, post_form.text, ids, post_form.visibility, sensitive=post_form.sensitive, warning=warning
    )
    return view.post.id


async def _describe(container: Container, image: Image, post_form: PostForm) -> None:
    if text := post_form.alts.get(image.id, "").strip():
        based = image.id in post_form.based
        await container.uploading().describe(image.id, image.owner_id, text, based_on_suggestion=based)


async def _read_post_form(container: Container, me: UserId, form: Form) -> PostForm:
    images = await _find_images(container, me, form.texts("image"))
    return PostForm(
        images,
        form.text("text"),
        form.choice("visibility", Visibility.PUBLIC),
        "sensitive" in form,
        form.text("warning"),
        {image.id: form.text(f"alt.{image.id}") for image in images},
        {image.id for image in images if form.text(f"based.{image.id}") == "yes"},
        read_answers(form, images),
    )


async def _add_files(
    request: Request, container: Container, me: UserId, files: list[UploadFile], post_form: PostForm
) -> None:
    """Upload the valid files, as many as the post can still contain. Record the errors of the others."""
    for file in files:
        try:
            require_image_limit(len(post_form.images) + 1, container.limits())
            post_form.images.append(await _upload(request, container, me, file))
        except DomainError as error:
            post_form.fail(file, error)


async def _upload(request: Request, container: Container, me: UserId, file: UploadFile) -> Image:
    await count_use(request, UPLOAD)
    return await container.uploading().upload(me, await file.read())


async def _find_images(container: Container, me: UserId, ids: list[str]) -> list[Image]:
    """Return the user's own images that are in no post; leave out the others."""
    images = []
    for text in list(dict.fromkeys(ids))[:MAX_NAMED_IMAGES]:
        with suppress(NotFound):
            images.append(await _find_unposted(container, me, ImageId(parse_id(text, "image"))))
    return images


async def _find_unposted(container: Container, me: UserId, image_id: ImageId) -> Image:
    """Return an image of the user that is in no post. Raises `NotFound`."""
    image = await container.uploading().image(image_id, me)
    if image.owner_id != me or image.post_id is not None:
        raise NotFound("you have no such image outside a post")
    return image


async def _render_form(request: Request, container: Container, session: Session, post_form: PostForm) -> Response:
    me = session.user_id
    own = await container.uploading().of_owner(me, UNPOSTED_PAGE)
    excluded = {image.id for image in post_form.images}
    avatar = (await container.accounts().profile(session.username, me)).avatar
    excluded |= {avatar.image_id} if avatar else set()
    unposted = [image for image in own.items if image.post_id is None and image.id not in excluded]
    cards = [await _card(container, image, me) for image in post_form.images]
    status, refusal = post_form.refusal.status, post_form.refusal
    consenting = container.consenting()
    values = {"consent": await consenting.get(me), "writers": consenting.writers, "no_refusal": NO_REFUSAL}
    values["this_page"] = "/new?" + urlencode([("image", image.id) for image in post_form.images])
    return await render_page(
        request, "compose.html", status, post_form=post_form, cards=cards, unposted=unposted, refusal=refusal, **values
    )


async def _card(container: Container, image: Image, me: UserId) -> dict[str, Any]:
    """Return the values of an image's card, with its duplicates and its sensitivity score."""
    duplicates: list[tuple[Duplicate, Image]] = []
    for duplicate in image.duplicates:
        try:
            duplicates.append((duplicate, await container.uploading().image(duplicate.image_id, me)))
        except NotFound:
            continue
    own = (await container.sensitivity_feedback().own_scores([image.id], me)).get(image.id)
    return {"image": image, "duplicates": duplicates, "own": own}
