from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import RedirectResponse

from domain.images import Size
from domain.rate_limits import ANSWER, REPEAT_ANALYSIS, UPLOAD
from domain.understanding import Task
from entrypoints.http.contents import content_response
from entrypoints.http.dependencies import ContainerDep, CurrentSession, ImageIdPath, Viewer
from entrypoints.http.paging import ListQuery
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_use, rate_limit
from entrypoints.http.uploads import OPENAPI_BODY, read_upload
from entrypoints.rest.routing import Route, UploadRoute
from entrypoints.rest.schemas.images import Image, ImageUpdate, LabelVerdict
from entrypoints.rest.schemas.posts import SimilarPostList
from entrypoints.rest.schemas.sensitive_media import SensitiveMediaAnswer, SensitiveMediaScore

router = APIRouter(prefix="/images", tags=["images"], route_class=Route)
uploads_router = APIRouter(prefix="/images", tags=["images"], route_class=UploadRoute)

PUBLIC_CACHE = "public, max-age=3600, s-maxage=60"
"""A hidden or deleted image disappears from browsers within an hour, from shared caches within a minute (ADR 37)."""
PRIVATE_CACHE = "private, no-cache"
LINK_LIFETIME = timedelta(minutes=5)
PUBLIC_LINK_CACHE = "public, max-age=60"
"""A redirect must not outlive its link, and a hidden image disappears as above."""
_FILE_RESPONSE = {"content": {"image/jpeg": {}, "image/webp": {}}, "description": "The rendition's bytes."}


@uploads_router.post(
    "",
    status_code=201,
    responses=problems(400, 401, 409, 413, 415, 429),
    openapi_extra=OPENAPI_BODY,
    dependencies=[rate_limit(UPLOAD)],
)
async def create(request: Request, container: ContainerDep, session: CurrentSession, response: Response) -> Image:
    """Upload an image: JPEG, PNG, WebP, GIF (first frame), AVIF or HEIC, detected by content. Analysis follows
    later."""
    image = await container.uploading().upload(session.user_id, await read_upload(request))
    response.headers["Location"] = f"/v1/images/{image.id}"
    return Image.of(image)


@router.get("/{image_id}", responses=problems(401, 404))
async def get(image_id: ImageIdPath, container: ContainerDep, viewer: Viewer) -> Image:
    """An image and the state of its analysis."""
    return Image.of(await container.uploading().image(image_id, viewer))


@router.patch("/{image_id}", responses=problems(400, 401, 403, 404, 415))
async def update(session: CurrentSession, image_id: ImageIdPath, body: ImageUpdate, container: ContainerDep) -> Image:
    """Set or remove the alt text, which answers the suggestion; or reject the suggestion."""
    uploading, owner = container.uploading(), session.user_id
    if body.is_rejection:
        return Image.of(await uploading.reject_suggestion(image_id, owner))
    described = uploading.describe(image_id, owner, body.alt_text, based_on_suggestion=body.based_on_suggestion)
    return Image.of(await described)


@router.delete("/{image_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(401, 403, 404, 409))
async def delete(session: CurrentSession, image_id: ImageIdPath, container: ContainerDep) -> None:
    """Delete an image that is in no post."""
    await container.uploading().delete(image_id, session.user_id)


@router.get(
    "/{image_id}/file",
    response_class=Response,
    responses={
        200: _FILE_RESPONSE,
        304: {"description": "As in If-None-Match."},
        307: {"description": "To the same bytes in an object store, for some minutes (TINTYPE_S3_DOWNLOADS)."},
        **problems(401, 404),
    },
)
async def get_file(
    image_id: ImageIdPath,
    size: Size,
    container: ContainerDep,
    viewer: Viewer,
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The bytes of one rendition."""
    found = await container.uploading().file(image_id, size, viewer)
    if link := await container.blobs().link(found.rendition.key, LINK_LIFETIME):
        return RedirectResponse(link, headers={"Cache-Control": PUBLIC_LINK_CACHE if found.public else "no-store"})
    tag = f'"{found.rendition.key}"'
    headers = {"ETag": tag, "Cache-Control": PUBLIC_CACHE if found.public else PRIVATE_CACHE}
    if _matches(if_none_match, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = await container.blobs().open(found.rendition.key)
    return await content_response(content, headers, found.rendition.content_type)


@router.get("/{image_id}/similar", responses=problems(401, 404))
async def list_similar(
    image_id: ImageIdPath, container: ContainerDep, viewer: Viewer, list_request: ListQuery
) -> SimilarPostList:
    """Other posts with similar images, most similar first. The list has one page."""
    limit = list_request.page(f"images/{image_id}/similar").limit
    return SimilarPostList.of(await container.searching().similar(image_id, viewer, limit))


@router.post("/{image_id}/understanding/classification", status_code=202, responses=problems(401, 403, 404, 409, 429))
async def classify(session: CurrentSession, image_id: ImageIdPath, container: ContainerDep, request: Request) -> Image:
    """Request classification again, at most once a minute."""
    await count_use(request, REPEAT_ANALYSIS, image_id, Task.CLASSIFICATION)
    image = await container.image_analysis().request_again(image_id, session.user_id, Task.CLASSIFICATION)
    return Image.of(image)


@router.post("/{image_id}/understanding/caption", status_code=202, responses=problems(401, 403, 404, 409, 429))
async def suggest_alt_text(
    session: CurrentSession, image_id: ImageIdPath, container: ContainerDep, request: Request
) -> Image:
    """Request another alt text suggestion, at most once a minute."""
    await count_use(request, REPEAT_ANALYSIS, image_id, Task.CAPTION)
    image = await container.image_analysis().request_again(image_id, session.user_id, Task.CAPTION)
    return Image.of(image)


@router.put(
    "/{image_id}/labels/{key}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problems(400, 401, 403, 404, 415),
)
async def judge_label(
    session: CurrentSession, image_id: ImageIdPath, key: str, body: LabelVerdict, container: ContainerDep
) -> None:
    """Mark a label as right or wrong. Only the owner sees wrong labels from then on."""
    await container.label_feedback().judge(image_id, session.user_id, key, body.verdict)


@router.get("/{image_id}/sensitive-media", responses=problems(401, 403, 404))
async def get_sensitive_media_score(
    session: CurrentSession, image_id: ImageIdPath, container: ContainerDep
) -> SensitiveMediaScore:
    """The detector's score of an own image, and the own answer."""
    return SensitiveMediaScore.of(await container.sensitivity_feedback().own_score(image_id, session.user_id))


@router.put(
    "/{image_id}/sensitive-media",
    responses=problems(400, 401, 403, 404, 409, 415, 429),
    dependencies=[rate_limit(ANSWER)],
)
async def answer_sensitive_media(
    session: CurrentSession, image_id: ImageIdPath, body: SensitiveMediaAnswer, container: ContainerDep
) -> SensitiveMediaScore:
    """Answer whether an own image is sensitive. `true` marks its post, now or when it is published; `false` changes no
    post."""
    feedback, owner = container.sensitivity_feedback(), session.user_id
    return SensitiveMediaScore.of(await feedback.answer(image_id, owner, sensitive=body.sensitive))


def _matches(if_none_match: str, tag: str) -> bool:
    """Compare by RFC 9110, 13.1.2: a list of tags, compared weakly, or * for any."""
    asked = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return "*" in asked or tag in asked
