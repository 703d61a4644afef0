"""The question of the detector of sensitive media on pages, without scripts."""

import re
from typing import Any

import pytest

from adapters.memory.sensitive_media_detector import MemorySensitiveMediaDetector
from container import Container
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PageClient, text_of, token_of
from tests.sample_images import a_jpeg

QUESTION = "A detector rates this image 0.87 as sensitive. Mark this post as sensitive?"
PART = {"HX-Request": "true"}


@pytest.fixture
def detector() -> MemorySensitiveMediaDetector:
    return MemorySensitiveMediaDetector(0.87)


@pytest.fixture
def container(detector: MemorySensitiveMediaDetector) -> Container:
    return memory_container(sensitive_media_detector=detector)


async def run_jobs(container: Container) -> None:
    await container.storage().queue.drain(container.job_handler().handle)


async def upload(ada: PageClient, container: Container) -> str:
    (image,) = await ada.upload(a_jpeg())
    await run_jobs(container)
    return image


async def publish_unscored(ada: PageClient, container: Container) -> tuple[str, str]:
    """The path of a new post that is rated after its publication, and the id of its image."""
    path = await ada.publish()
    await run_jobs(container)
    return path, (await read_post(ada, path))["images"][0]["id"]


async def read_post(ada: PageClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = (await ada.client.get(f"/v1{path}")).json()
    return found


async def read_answer(ada: PageClient, image: str) -> bool | None:
    found: bool | None = (await ada.client.get(f"/v1/images/{image}/sensitive-media")).json()["sensitive"]
    return found


async def test_new_post_asks_when_score_is_there(ada: PageClient, container: Container) -> None:
    (image,) = await ada.upload(a_jpeg())
    page = await ada.read(f"/new?image={image}")
    assert f'hx-get="/pictures/{image}/sensitivity-choice"' in page
    assert QUESTION not in text_of(page)

    await run_jobs(container)

    part = await ada.get(f"/pictures/{image}/sensitivity-choice", **PART)
    for html in (part.text, await ada.read(f"/new?image={image}")):
        assert QUESTION in text_of(html)
        assert "hx-get" not in html or "sensitivity-choice" not in html
        assert f'name="sensitive.{image}" value="yes"' in html
        assert "checked> Yes" not in html


@pytest.mark.parametrize(("said", "sensitive"), [("yes", True), ("no", False)])
async def test_answer_is_stored_with_new_post(
    ada: PageClient, container: Container, said: str, sensitive: bool
) -> None:
    image = await upload(ada, container)

    answer = await ada.submit("/new", "/new", image=image, **{f"sensitive.{image}": said})

    assert (await read_post(ada, answer.headers["location"]))["sensitive"] is sensitive
    assert await read_answer(ada, image) is sensitive
    assert QUESTION not in text_of(await ada.read(answer.headers["location"]))


async def test_post_without_answer_is_published_as_it_is(ada: PageClient, container: Container) -> None:
    image = await upload(ada, container)

    answer = await ada.submit("/new", "/new", image=image)

    assert (await read_post(ada, answer.headers["location"]))["sensitive"] is False
    assert await read_answer(ada, image) is None
    assert QUESTION in text_of(await ada.read(answer.headers["location"]))


async def test_refused_post_keeps_answer(ada: PageClient, container: Container) -> None:
    image = await upload(ada, container)

    answer = await ada.submit("/new", "/new", image=image, text="x" * 2201, **{f"sensitive.{image}": "yes"})

    assert answer.status_code == 422
    assert re.search(r'value="yes" checked> Yes', answer.text)
    assert await read_answer(ada, image) is None


async def test_answer_from_elsewhere_is_preselected(ada: PageClient, container: Container) -> None:
    image = await upload(ada, container)
    path = f"/pictures/{image}/sensitivity"
    await ada.submit(f"/new?image={image}", path, sensitive="yes")

    assert 'value="yes" checked' in await ada.read(f"/new?image={image}")


@pytest.mark.parametrize(("said", "sensitive"), [("yes", True), ("no", False)])
@pytest.mark.parametrize("headers", [{}, PART], ids=["page", "script"])
async def test_question_on_page_of_post_is_answered(
    ada: PageClient, container: Container, said: str, sensitive: bool, headers: dict[str, str]
) -> None:
    path, image = await publish_unscored(ada, container)
    assert QUESTION in text_of(await ada.read(path))

    answer = await ada.submit(path, f"/pictures/{image}/sensitivity", headers=headers, sensitive=said)

    assert answer.status_code == (200 if headers else 303)
    assert QUESTION not in text_of(answer.text)
    assert QUESTION not in text_of(await ada.read(path))
    assert (await read_post(ada, path))["sensitive"] is sensitive
    assert await read_answer(ada, image) is sensitive


async def test_page_of_post_waits_for_score(ada: PageClient, container: Container) -> None:
    path = await ada.publish()
    (image,) = (await read_post(ada, path))["images"]
    part = f"/pictures/{image['id']}/sensitivity"
    assert f'hx-get="{part}"' in await ada.read(path)

    await run_jobs(container)

    assert QUESTION in text_of((await ada.get(part, **PART)).text)


@pytest.mark.parametrize(("said", "sensitive"), [("yes", True), ("no", False)])
async def test_question_is_answered_while_editing(
    ada: PageClient, container: Container, said: str, sensitive: bool
) -> None:
    path, image = await publish_unscored(ada, container)
    assert QUESTION in text_of(await ada.read(f"{path}/edit"))

    edited = await ada.submit(f"{path}/edit", f"{path}/edit", text="better", **{f"sensitive.{image}": said})

    assert edited.status_code == 303
    post = await read_post(ada, path)
    assert (post["text"], post["sensitive"]) == ("better", sensitive)
    assert await read_answer(ada, image) is sensitive
    assert QUESTION not in text_of(await ada.read(f"{path}/edit"))


async def test_refused_edit_keeps_answer(ada: PageClient, container: Container) -> None:
    path, image = await publish_unscored(ada, container)

    edited = await ada.submit(f"{path}/edit", f"{path}/edit", text="x" * 2201, **{f"sensitive.{image}": "no"})

    assert edited.status_code == 422
    assert re.search(r'value="no" checked> No', edited.text)
    assert await read_answer(ada, image) is None


async def test_others_see_no_question(
    ada: PageClient, bob: PageClient, anonymous: PageClient, container: Container
) -> None:
    path, image = await publish_unscored(ada, container)

    for reader in (bob, anonymous):
        page = await reader.read(path)
        assert "detector" not in page
        assert "0.87" not in page
    for part in ("sensitivity", "sensitivity-choice"):
        assert (await bob.get(f"/pictures/{image}/{part}", **PART)).status_code == 403
    form = {"form_token": token_of(await bob.read(path)), "sensitive": "yes"}
    assert (await bob.client.post(f"/pictures/{image}/sensitivity", data=form)).status_code == 403
    assert (await read_post(ada, path))["sensitive"] is False


async def test_low_score_asks_nothing(
    ada: PageClient, container: Container, detector: MemorySensitiveMediaDetector
) -> None:
    detector.score = 0.2
    image = await upload(ada, container)
    path, _ = await publish_unscored(ada, container)

    for page in (f"/new?image={image}", path, f"{path}/edit"):
        assert "detector" not in await ada.read(page)
