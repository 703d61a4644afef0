"""Uploads through the real image processor."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest
from httpx import AsyncClient
from PIL import Image

from adapters.vips.processor import VipsImageProcessor
from container import Container
from domain.limits import Limits
from tests.containers import memory_container
from tests.decoders import POOL
from tests.entrypoints.multipart import FILE_HEADS
from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, expect_problem, new_visitor, ok
from tests.sample_images import (
    RED,
    a_cmyk_jpeg,
    a_jpeg,
    a_jpeg_with_metadata,
    a_png,
    a_transparent_png,
    a_webp,
    an_animation,
    png_header,
    rotated_jpeg,
)

MAX_UPLOAD = 200_000
"""Bytes that an upload may have here: less than what is read before a file is put on disk, and more."""


@pytest.fixture
def container() -> Container:
    limits = Limits(max_upload_bytes=MAX_UPLOAD)
    return memory_container(processor=VipsImageProcessor(limits, POOL), limits=limits)


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


async def fetch_rendition(ada: Visitor, image: Json, size: str = "thumb") -> Image.Image:
    answer = await ada.client.get(image["urls"][size], headers=ada.headers)
    assert answer.status_code == 200
    return Image.open(BytesIO(answer.content))


async def test_upload_returns_before_analysis(ada: Visitor) -> None:
    answer = await ada.send_file(a_jpeg(64, 48))
    image = ok(answer, 201)
    assert answer.headers["location"] == f"/v1/images/{image['id']}"
    pending = {"state": "pending", "attempts": 0, "model": None, "error": None}
    assert image.pop("placeholder")
    assert image["understanding"]["classification"].pop("next_attempt_at") == image["created_at"]
    image["understanding"]["caption"].pop("next_attempt_at")
    assert image == {
        "id": image["id"],
        "width": 64,
        "height": 48,
        "content_type": "image/jpeg",
        "urls": {size: f"/v1/images/{image['id']}/file?size={size}" for size in ("thumb", "medium", "large")},
        "alt_text": None,
        "alt_text_suggestion": None,
        "labels": [],
        "duplicates": [],
        "understanding": {"classification": pending, "caption": pending},
        "quarantined": False,
        "created_at": image["created_at"],
    }


@pytest.mark.parametrize(
    ("data", "content_type", "width", "height"),
    [
        (a_jpeg(), "image/jpeg", 64, 48),
        (a_cmyk_jpeg(), "image/jpeg", 64, 48),
        (rotated_jpeg(6), "image/jpeg", 48, 64),
        (a_png(1, 1), "image/png", 1, 1),
        (a_transparent_png(), "image/png", 64, 48),
        (a_webp(), "image/webp", 64, 48),
        (an_animation(), "image/gif", 40, 30),
    ],
    ids=["JPEG", "CMYK", "turned", "one pixel", "see-through", "WebP", "animation"],
)
async def test_format_is_detected_by_content(
    ada: Visitor, data: bytes, content_type: str, width: int, height: int
) -> None:
    image = ok(await ada.send_file(data, name="notes.txt"), 201)
    assert (image["content_type"], image["width"], image["height"]) == (content_type, width, height)
    for size in ("thumb", "medium", "large"):
        assert (await fetch_rendition(ada, image, size)).size == (width, height)
    assert await ada.read(f"/images/{image['id']}") == image


@pytest.mark.parametrize("data", [a_cmyk_jpeg(RED), an_animation()], ids=["CMYK", "animation's first frame"])
async def test_renditions_keep_colours(ada: Visitor, data: bytes) -> None:
    image = (await fetch_rendition(ada, ok(await ada.send_file(data), 201))).convert("RGB")
    red, green, blue = image.getpixel((20, 15))  # type: ignore[misc]  # a tuple for RGB
    assert red > 150
    assert max(green, blue) < 100


async def test_metadata_of_camera_are_removed(ada: Visitor) -> None:
    image = ok(await ada.send_file(a_jpeg_with_metadata(None)), 201)
    for url in image["urls"].values():
        assert b"Secret" not in (await ada.client.get(url, headers=ada.headers)).content


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"These are words, and no image at all.", 415, "unsupported_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_image"),
        (a_jpeg()[:-200], 422, "broken_image"),
        (b"", 422, "broken_image"),
        (png_header(60_000, 60_000), 422, "too_many_pixels"),
        (b"\xff" * (MAX_UPLOAD + 1), 413, "image_too_large"),
        (b"\xff" * (MAX_UPLOAD * 3), 413, "image_too_large"),
    ],
    ids=["text", "SVG", "cut short", "empty", "a bomb", "a byte too many", "far too large"],
)
async def test_invalid_image_is_refused_and_stores_nothing(ada: Visitor, data: bytes, status: int, code: str) -> None:
    expect_problem(await ada.send_file(data), status, code)
    assert (await ada.read("/me/images"))["items"] == []


@pytest.mark.parametrize(
    ("data", "limit", "actual"),
    [(png_header(60_000, 60_000), 52_428_800, 3_600_000_000), (b"\xff" * (MAX_UPLOAD + 1), MAX_UPLOAD, MAX_UPLOAD + 1)],
    ids=["pixels", "bytes"],
)
async def test_too_large_upload_states_limit_and_size(ada: Visitor, data: bytes, limit: int, actual: int) -> None:
    problem = (await ada.send_file(data)).json()
    assert (problem["limit"], problem["actual"]) == (limit, actual)


async def test_too_large_file_of_unknown_size_is_refused(ada: Visitor) -> None:
    async def send_slowly() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        for _ in range(30):
            yield b"\xff" * (MAX_UPLOAD // 10)
        yield b"\r\n--b--\r\n"

    headers = {**ada.headers, "Content-Type": "multipart/form-data; boundary=b"}
    answer = await ada.client.post("/v1/images", content=send_slowly(), headers=headers)
    assert expect_problem(answer, 413, "image_too_large")["limit"] == MAX_UPLOAD


async def test_form_with_two_files_is_refused(ada: Visitor) -> None:
    two = [("file", ("a.jpg", a_jpeg())), ("file", ("b.jpg", a_jpeg(seed=1)))]
    problem = expect_problem(await ada.call("POST", "/images", files=two), 422, "too_many_files")
    assert (problem["field"], problem["limit"], problem["actual"]) == ("file", 1, 2)
    assert (await ada.read("/me/images"))["items"] == []


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        ({"files": {"image": ("a.jpg", a_jpeg())}}, {"image": "unknown_field"}),
        ({"files": {"file": ("a.jpg", a_jpeg())}, "data": {"text": "hi"}}, {"text": "unknown_field"}),
        ({"files": {"file": (None, "words")}}, {"file": "wrong_type"}),
    ],
)
async def test_form_with_other_fields_is_refused(ada: Visitor, form: Json, faults: Json) -> None:
    assert expect_invalid(await ada.call("POST", "/images", **form)) == faults


@pytest.mark.parametrize("head", FILE_HEADS.values(), ids=FILE_HEADS)
async def test_forms_of_other_clients_are_accepted(ada: Visitor, head: bytes) -> None:
    headers = {**ada.headers, "Content-Type": "multipart/form-data; boundary=b"}
    body = head + b"\r\n\r\n" + a_jpeg() + b"\r\n--b--\r\n"
    assert ok(await ada.client.post("/v1/images", content=body, headers=headers), 201)["width"] == 64


async def test_form_without_file_is_refused(ada: Visitor) -> None:
    headers = {**ada.headers, "Content-Type": "multipart/form-data; boundary=b"}
    answer = await ada.client.post("/v1/images", content=b"--b--\r\n", headers=headers)
    assert expect_invalid(answer) == {"file": "missing"}


@pytest.mark.parametrize(
    ("content_type", "status", "code"),
    [
        ("image/jpeg", 415, "unsupported_media_type"),
        ("application/json", 415, "unsupported_media_type"),
        ("multipart/form-data", 400, "malformed_body"),
        ("multipart/form-data; boundary=other", 400, "malformed_body"),
    ],
)
async def test_upload_requires_form(ada: Visitor, content_type: str, status: int, code: str) -> None:
    headers = {**ada.headers, "Content-Type": content_type}
    expect_problem(await ada.client.post("/v1/images", content=a_jpeg(), headers=headers), status, code)


async def test_upload_requires_token(client: AsyncClient) -> None:
    expect_problem(await Visitor(client).send_file(a_jpeg()), 401, "not_signed_in")


async def test_repeated_upload_makes_two_images(ada: Visitor) -> None:
    assert (await ada.upload())["id"] != (await ada.upload())["id"]
