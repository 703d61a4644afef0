"""The detector of sensitive media over the API: it asks the owner, and changes nothing else."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from httpx import AsyncClient

from adapters.memory.sensitive_media_detector import MODEL, MemorySensitiveMediaDetector
from container import Container
from domain.jobs import DetectionJob, QueuedJob
from domain.pages import PageRequest
from domain.roles import Role
from tests.containers import container_for
from tests.entrypoints.rest.conftest import PASSWORD, client_of
from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, expect_problem, new_visitor, ok
from tests.sample_images import a_jpeg

UNSCORED = {
    "pending": False,
    "score": None,
    "model": None,
    "scored_at": None,
    "question": False,
    "sensitive": None,
    "answered_at": None,
}


@pytest.fixture
def detector() -> MemorySensitiveMediaDetector:
    return MemorySensitiveMediaDetector(0.87)


@pytest.fixture
async def container(either_store: str | None, detector: MemorySensitiveMediaDetector) -> AsyncIterator[Container]:
    async with container_for(either_store, sensitive_media_detector=detector) as container:
        yield container


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def run_jobs(container: Container) -> None:
    await container.storage().queue.drain(container.job_handler().handle)


async def read_score(who: Visitor, image: Json) -> Json:
    return await who.read(f"/images/{image['id']}/sensitive-media")


async def answer(who: Visitor, image: Json, sensitive: bool, status: int = 200) -> Json:
    path = f"/images/{image['id']}/sensitive-media"
    return ok(await who.call("PUT", path, json={"sensitive": sensitive}), status)


async def publish(who: Visitor, *images: Json, **fields: Any) -> Json:
    body = {"image_ids": [image["id"] for image in images], **fields}
    return ok(await who.call("POST", "/posts", json=body), 201)


async def test_owner_sees_score_and_question(ada: Visitor, container: Container) -> None:
    image = await ada.upload()
    assert await read_score(ada, image) == UNSCORED | {"pending": True}

    await run_jobs(container)

    score = await read_score(ada, image)
    assert score.pop("scored_at").endswith("Z")
    assert score == {
        "pending": False,
        "score": 0.87,
        "model": MODEL,
        "question": True,
        "sensitive": None,
        "answered_at": None,
    }


async def test_score_is_for_owner_only(ada: Visitor, bob: Visitor, container: Container, client: AsyncClient) -> None:
    post = await ada.post()
    (image,) = post["images"]
    path = f"/images/{image['id']}/sensitive-media"
    await run_jobs(container)
    await container.accounts().set_role("bob", Role.MODERATOR)

    for who in (bob, await bob.sign_in_again()):
        expect_problem(await who.get(path), 403, "forbidden")
        expect_problem(await who.call("PUT", path, json={"sensitive": True}), 403, "forbidden")
    expect_problem(await Visitor(client).get(path), 401, "not_signed_in")
    assert (await read_score(ada, image))["sensitive"] is None
    assert "0.87" not in (await bob.get(f"/posts/{post['id']}")).text


async def test_positive_answer_marks_post(ada: Visitor, bob: Visitor, container: Container) -> None:
    post = await ada.post()
    (image,) = post["images"]
    await run_jobs(container)
    assert (await bob.read(f"/posts/{post['id']}"))["sensitive"] is False

    answered = await answer(ada, image, True)

    assert (answered["sensitive"], answered["question"]) == (True, False)
    assert answered == await read_score(ada, image)
    assert (await bob.read(f"/posts/{post['id']}"))["sensitive"] is True


async def test_negative_answer_changes_no_post(ada: Visitor, container: Container) -> None:
    plain, marked = await ada.post(seed=1), await publish(ada, await ada.upload(2), sensitive=True)
    await run_jobs(container)
    assert (await read_score(ada, marked["images"][0]))["question"] is False, "the post is marked already"

    for post in (plain, marked):
        before = await ada.read(f"/posts/{post['id']}")
        answered = await answer(ada, post["images"][0], False)
        assert (answered["sensitive"], answered["question"]) == (False, False)
        assert await ada.read(f"/posts/{post['id']}") == before


async def test_answer_before_publication_marks_post(ada: Visitor, container: Container) -> None:
    images = [await ada.upload(seed) for seed in range(3)]
    await run_jobs(container)
    await answer(ada, images[0], False)
    await answer(ada, images[1], True)
    await answer(ada, images[1], False)
    await answer(ada, images[2], True)

    assert (await publish(ada, images[0], images[1]))["sensitive"] is False
    post = await publish(ada, images[2])

    assert (post["sensitive"], post["warning"]) == (True, None)
    ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"sensitive": False}))
    assert (await ada.read(f"/posts/{post['id']}"))["sensitive"] is False, "the author has the last word"


async def test_low_score_asks_nothing_but_can_be_answered(
    ada: Visitor, container: Container, detector: MemorySensitiveMediaDetector
) -> None:
    detector.score = 0.1
    post = await ada.post()
    (image,) = post["images"]
    await run_jobs(container)
    assert (await read_score(ada, image))["question"] is False

    await answer(ada, image, True)

    assert (await ada.read(f"/posts/{post['id']}"))["sensitive"] is True
    (stored,) = (await container.sensitivity_feedback().answers(PageRequest(9))).items
    assert (stored.score, stored.model, stored.asked, stored.answer) == (0.1, MODEL, False, True)
    assert stored.answered_at is not None


async def test_image_without_score_cannot_be_answered(ada: Visitor) -> None:
    image = await ada.upload()
    path = f"/images/{image['id']}/sensitive-media"

    expect_problem(await ada.call("PUT", path, json={"sensitive": True}), 409, "not_scored")

    assert await read_score(ada, image) == UNSCORED | {"pending": True}


@pytest.mark.parametrize("body", [{}, {"sensitive": None}, {"sensitive": "yes"}, {"sensitive": 1}])
async def test_invalid_answer_is_refused(ada: Visitor, container: Container, body: Json) -> None:
    image = await ada.upload()
    await run_jobs(container)

    assert "sensitive" in expect_invalid(await ada.call("PUT", f"/images/{image['id']}/sensitive-media", json=body))

    assert (await read_score(ada, image))["question"] is True


LISTS = (
    "/posts",
    "/users/ada/posts",
    "/rankings/trending",
    "/rankings/most-liked",
    "/search?q=walk",
    "/tags/dog/posts",
)


async def see_everything(who: Visitor, post: Json) -> dict[str, Any]:
    """What a user sees of a post everywhere: lists, the post itself, its files, and whether its page has a preview."""
    seen: dict[str, Any] = {}
    for path in (*LISTS, "/feed") if who.headers else LISTS:
        items = (await who.read(path))["items"]
        seen[path] = [(item.get("rank"), (item.get("post") or item)["id"]) for item in items]
    files = [await who.get(f"/images/{post['images'][0]['id']}/file", size=size) for size in ("thumb", "large")]
    page = await who.client.get(f"/posts/{post['id']}", headers={"Accept": "text/html"})
    seen |= {"post": await who.read(f"/posts/{post['id']}"), "preview": "og:image" in page.text}
    return seen | {"files": [(file.status_code, file.headers["cache-control"]) for file in files]}


async def test_high_score_changes_nothing_that_others_see(
    ada: Visitor, bob: Visitor, client: AsyncClient, container: Container, detector: MemorySensitiveMediaDetector
) -> None:
    await bob.follow(ada)
    harmless = await ada.post("a walk #dog", seed=1)
    detector.score = 0.0
    await run_jobs(container)
    post = await ada.post("another walk #dog", seed=5)
    await bob.like(post)
    (job,) = [job for job in await run_other_jobs(container) if isinstance(job, DetectionJob)]
    viewers = (bob, Visitor(client))
    before = [await see_everything(who, post) for who in viewers]
    for seen in before:
        assert seen["preview"] is True
        assert all(post["id"] in {item[1] for item in seen[path]} for path in LISTS)

    detector.score = 1.0
    await container.job_handler().handle([job])

    assert (await read_score(ada, post["images"][0]))["question"] is True
    assert (await read_score(ada, harmless["images"][0]))["score"] == 0.0
    assert [await see_everything(who, post) for who in viewers] == before


async def run_other_jobs(container: Container) -> list[QueuedJob]:
    """Run all jobs but those of the detector, and return all jobs."""
    seen: list[QueuedJob] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        seen.extend(jobs)
        await container.job_handler().handle([job for job in jobs if not isinstance(job, DetectionJob)])

    await container.storage().queue.drain(handle)
    return seen


async def test_deleted_account_takes_scores_and_answers_along(ada: Visitor, container: Container) -> None:
    image = await ada.upload()
    await run_jobs(container)
    await answer(ada, image, True)

    ok(await ada.call("DELETE", "/me", json={"password": PASSWORD}), 204)

    assert (await container.sensitivity_feedback().answers(PageRequest(9))).items == ()
    async with container.storage().begin() as uow:
        assert await uow.sensitivity_scores.get(image["id"]) is None


async def test_quarantined_image_is_rated_after_release(ada: Visitor, bob: Visitor, container: Container) -> None:
    await container.accounts().set_role("bob", Role.MODERATOR)
    mia, known = await bob.sign_in_again(), a_jpeg(seed=7)
    entry = {"kind": "sha256", "value": hashlib.sha256(known).hexdigest(), "reason": "abuse"}
    ok(await mia.call("POST", "/moderation/blocklist", json=entry), 201)
    image = ok(await ada.send_file(known), 201)
    await run_jobs(container)
    assert await container.sensitivity_scoring().sweep() == 1
    await run_jobs(container)
    assert (await read_score(ada, image))["score"] is None

    decision = {"kind": "image", "id": image["id"], "rule": "known images", "reason": "looked at", "effect": "none"}
    ok(await mia.call("POST", "/moderation/decisions", json=decision), 201)

    assert (await read_score(ada, image))["pending"] is True


async def test_without_detector_there_is_no_score(either_store: str | None) -> None:
    async with container_for(either_store) as container, client_of(container) as client:
        ada = await new_visitor(client, "ada")
        image = await ada.upload()
        await run_jobs(container)

        assert await read_score(ada, image) == UNSCORED
        path = f"/images/{image['id']}/sensitive-media"
        expect_problem(await ada.call("PUT", path, json={"sensitive": True}), 409, "not_scored")
