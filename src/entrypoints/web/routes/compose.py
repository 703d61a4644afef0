"""Publishing: pictures first, as many as one likes, then words for them and about them."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from container import Container
from domain.duplicates import Duplicate
from domain.errors import DomainError, Invalid, NotFound, TooMany, Unavailable
from domain.ids import ImageId, PostId, UserId
from domain.images import Image
from domain.pages import PageRequest
from domain.posts import Draft, Visibility, refuse_surplus
from domain.rate_limits import POST, UPLOAD
from domain.tokens import Session
from entrypoints.rest.dependencies import ContainerDep, ImageIdPath, SignedIn, parse_id
from entrypoints.rest.limiting import count
from entrypoints.web.forms import TAKEN, Form, Refusal, form_of
from entrypoints.web.once import once
from entrypoints.web.redirects import see
from entrypoints.web.rendering import bare, is_partial, page
from entrypoints.web.routing import PageRoute, PicturesRoute

router = APIRouter(prefix="/new", route_class=PageRoute)
pictures_router = APIRouter(prefix="/new", route_class=PicturesRoute)

LEFT_OVER = PageRequest(24)
MOST_NAMED = 200
"""Pictures that an address or a form may name: more than any post holds, and each is a question to the database."""


@dataclass
class Sketch:
    """A post in the making: what its form says, so that nothing typed is lost on the way."""

    images: list[Image] = field(default_factory=list)
    text: str = ""
    visibility: Visibility = Visibility.PUBLIC
    alts: dict[ImageId, str] = field(default_factory=dict)
    based: set[ImageId] = field(default_factory=set)
    failed: list[str] = field(default_factory=list)
    failed_for_now: DomainError | None = None
    refusal: Refusal = TAKEN

    def fail(self, file: UploadFile, error: DomainError) -> None:
        """Say beside the file's name why it is left out."""
        self.failed.append(f"{file.filename or 'a file without a name'}: {error.detail}")
        if isinstance(error, TooMany | Unavailable):
            self.failed_for_now = self.failed_for_now or error

    def refuse(self, request: Request, error: DomainError) -> None:
        refusal = Refusal.of(request, error)
        self.refusal = replace(refusal, detail="") if self.failed else refusal


@router.get("")
async def compose(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    ids = request.query_params.getlist("image")
    sketch = Sketch(await _images(container, session.user_id, ids))
    return await _page(request, container, session, sketch)


@router.get("/pictures/{image_id}")
async def drafted(request: Request, container: ContainerDep, session: SignedIn, image_id: ImageIdPath) -> Response:
    """What a machine says of a picture in the making by now."""
    image = await _unposted(container, session.user_id, image_id)
    return bare(request, "parts/drafted.html", **await _card(container, image, session.user_id))


@pictures_router.post("/pictures")
async def upload(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    """Take pictures in. A script sends them one by one and gets each one's card."""
    form, me = form_of(request), session.user_id
    if is_partial(request):
        files = form.files("file")
        refuse_surplus(len(files), container.limits())
        images = [await _uploaded(request, container, me, file) for file in files]
        cards = [await _card(container, image, me) for image in images]
        return bare(request, "parts/cards.html", cards=cards, alts={}, based=set(), refusal=TAKEN)
    sketch = await _sketch(container, me, form)
    await _take_in(request, container, me, form.files("file"), sketch)
    if sketch.failed_for_now is not None:
        sketch.refuse(request, sketch.failed_for_now)
    return await _page(request, container, session, sketch)


@pictures_router.post("/suggestion")
async def take(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    """Put a machine's draft into the field, without a script."""
    form = form_of(request)
    sketch = await _sketch(container, session.user_id, form)
    for image in sketch.images:
        if str(image.id) == form.text("take") and image.suggestion:
            sketch.alts[image.id] = image.suggestion.text
            sketch.based.add(image.id)
    return await _page(request, container, session, sketch)


@pictures_router.post("/remove")
async def remove(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    """Leave a picture out, which deletes it."""
    form = form_of(request)
    image_id = ImageId(parse_id(form.text("remove"), "image"))
    await container.uploading().delete(image_id, session.user_id)
    if is_partial(request):
        return Response()
    return await _page(request, container, session, await _sketch(container, session.user_id, form))


@pictures_router.post("")
async def publish(request: Request, container: ContainerDep, session: SignedIn) -> Response:
    form, me = form_of(request), session.user_id
    sketch = await _sketch(container, me, form)
    try:
        post_id = await once(request, lambda: _make_post(request, container, me, form, sketch))
    except DomainError as error:
        sketch.refuse(request, error)
        return await _page(request, container, session, sketch)
    return see(f"/posts/{post_id}")


async def _make_post(request: Request, container: Container, me: UserId, form: Form, sketch: Sketch) -> PostId:
    await _take_in(request, container, me, form.files("file"), sketch)
    if sketch.failed:
        raise sketch.failed_for_now or Invalid("; ".join(sketch.failed))
    ids = tuple(image.id for image in sketch.images)
    Draft(sketch.text, ids, container.limits())
    await count(request, POST)
    for image in sketch.images:
        await _describe(container, image, sketch)
    return (await container.posting().publish(me, sketch.text, ids, sketch.visibility)).post.id


async def _describe(container: Container, image: Image, sketch: Sketch) -> None:
    if text := sketch.alts.get(image.id, "").strip():
        based = image.id in sketch.based
        await container.uploading().describe(image.id, image.owner_id, text, based_on_suggestion=based)


async def _sketch(container: Container, me: UserId, form: Form) -> Sketch:
    images = await _images(container, me, form.texts("image"))
    return Sketch(
        images,
        form.text("text"),
        Visibility.FOLLOWERS if form.text("visibility") == "followers" else Visibility.PUBLIC,
        {image.id: form.text(f"alt.{image.id}") for image in images},
        {image.id for image in images if form.text(f"based.{image.id}") == "yes"},
    )


async def _take_in(request: Request, container: Container, me: UserId, files: list[UploadFile], sketch: Sketch) -> None:
    """The good ones, as many as the post still holds; what is wrong with each of the others is told beside its name."""
    for file in files:
        try:
            refuse_surplus(len(sketch.images) + 1, container.limits())
            sketch.images.append(await _uploaded(request, container, me, file))
        except DomainError as error:
            sketch.fail(file, error)


async def _uploaded(request: Request, container: Container, me: UserId, file: UploadFile) -> Image:
    await count(request, UPLOAD)
    return await container.uploading().upload(me, await file.read())


async def _images(container: Container, me: UserId, ids: list[str]) -> list[Image]:
    """Those of one's own that stand in no post; the others are left out."""
    found = []
    for text in list(dict.fromkeys(ids))[:MOST_NAMED]:
        with suppress(NotFound):
            found.append(await _unposted(container, me, ImageId(parse_id(text, "image"))))
    return found


async def _unposted(container: Container, me: UserId, image_id: ImageId) -> Image:
    """One of one's own that stands in no post. Raises `NotFound`."""
    image = await container.uploading().image(image_id, me)
    if image.owner_id != me or image.post_id is not None:
        raise NotFound("there is no such picture among those of yours that stand in no post")
    return image


async def _page(request: Request, container: Container, session: Session, sketch: Sketch) -> Response:
    me = session.user_id
    mine = await container.uploading().of_owner(me, LEFT_OVER)
    shown = {image.id for image in sketch.images}
    worn = (await container.accounts().profile(session.username, me)).avatar
    shown |= {worn.image_id} if worn else set()
    left = [image for image in mine.items if image.post_id is None and image.id not in shown]
    cards = [await _card(container, image, me) for image in sketch.images]
    status, refusal = sketch.refusal.status, sketch.refusal
    return await page(request, "compose.html", status, sketch=sketch, cards=cards, left=left, refusal=refusal)


async def _card(container: Container, image: Image, me: UserId) -> dict[str, Any]:
    """A picture, and those that it duplicates."""
    twins: list[tuple[Duplicate, Image]] = []
    for duplicate in image.duplicates:
        try:
            twins.append((duplicate, await container.uploading().image(duplicate.image_id, me)))
        except NotFound:
            continue
    return {"image": image, "twins": twins}
