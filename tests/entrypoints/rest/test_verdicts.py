"""Verdicts of owners on labels."""

import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, label
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_invalid, expect_problem, new_visitor, ok

KEY = "n00000207"
HOUND = label("beagle", 0.5, 162, ("dog",))


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier([label("golden retriever", 0.9, tags=("dog", "animal"))])


@pytest.fixture
def container(classifier: ScriptedClassifier) -> Container:
    return memory_container(config={"captions": "labels"}, classifier=classifier)


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


@pytest.fixture
async def image(ada: Visitor, container: Container) -> Json:
    """A posted, classified image."""
    image: Json = (await ada.post())["images"][0]
    await run_tasks(container)
    return image


async def run_tasks(container: Container) -> None:
    await container.storage().queue.drain(container.job_handler().handle)


async def judge(who: Visitor, image: Json, verdict: str, key: str = KEY, status: int = 204) -> None:
    ok(await who.call("PUT", f"/images/{image['id']}/labels/{key}", json={"verdict": verdict}), status)


async def read_verdicts(who: Visitor, image: Json) -> dict[str, str | None]:
    return {one["key"]: one["verdict"] for one in (await who.read(f"/images/{image['id']}"))["labels"]}


async def test_wrong_label_is_shown_to_owner_only(ada: Visitor, bob: Visitor, image: Json) -> None:
    assert await read_verdicts(bob, image) == {KEY: None}

    for _ in range(2):
        await judge(ada, image, "wrong")

        assert await read_verdicts(ada, image) == {KEY: "wrong"}
        for other in (bob, Visitor(ada.client)):
            assert await read_verdicts(other, image) == {}
            (post,) = (await other.read("/posts"))["items"]
            assert post["images"][0]["labels"] == []
    (post,) = (await ada.read("/posts"))["items"]
    assert [one["verdict"] for one in post["images"][0]["labels"]] == ["wrong"]


async def test_verdict_can_be_changed(ada: Visitor, bob: Visitor, image: Json) -> None:
    await judge(ada, image, "wrong")
    await judge(ada, image, "right")

    assert await read_verdicts(ada, image) == await read_verdicts(bob, image) == {KEY: "right"}


async def test_verdict_applies_to_same_label_of_other_model(
    ada: Visitor, bob: Visitor, image: Json, container: Container, classifier: ScriptedClassifier
) -> None:
    await judge(ada, image, "wrong")
    classifier.version = "v2"

    await container.image_analysis().sweep()
    await run_tasks(container)

    seen = await ada.read(f"/images/{image['id']}")
    assert seen["understanding"]["classification"]["model"] == "scripted@v2"
    assert await read_verdicts(ada, image) == {KEY: "wrong"}
    assert await read_verdicts(bob, image) == {}


async def test_wrong_label_is_not_used(ada: Visitor, image: Json, container: Container) -> None:
    await judge(ada, image, "wrong")
    ok(await ada.call("POST", f"/images/{image['id']}/understanding/caption"), 202)

    await run_tasks(container)

    seen = await ada.read(f"/images/{image['id']}")
    assert seen["understanding"]["caption"]["state"] == "done"
    assert seen["alt_text_suggestion"] is None


async def expect_refusal(who: Visitor, image_id: str, key: str, status: int) -> None:
    codes = {401: "not_signed_in", 403: "forbidden", 404: "not_found"}
    answer = await who.call("PUT", f"/images/{image_id}/labels/{key}", json={"verdict": "wrong"})
    expect_problem(answer, status, codes[status])


async def test_only_owner_can_give_verdicts_on_shown_labels(ada: Visitor, bob: Visitor, image: Json) -> None:
    hidden = await ada.upload(seed=1)
    await expect_refusal(Visitor(ada.client), image["id"], KEY, 401)
    await expect_refusal(bob, image["id"], KEY, 403)
    await expect_refusal(bob, hidden["id"], KEY, 404)
    await expect_refusal(ada, hidden["id"], KEY, 404)
    await expect_refusal(ada, UNKNOWN_ID, KEY, 404)
    await expect_refusal(ada, "7", KEY, 404)
    for key in ("n00000208", "tag:dog", "%ED%A0%80", "x" * 3000):
        await expect_refusal(ada, image["id"], key, 404)
    assert await read_verdicts(bob, image) == {KEY: None}


@pytest.mark.parametrize("body", [{}, {"verdict": None}, {"verdict": "maybe"}, {"verdict": 1}, {"verdict": True}])
async def test_other_verdict_is_refused(ada: Visitor, image: Json, body: Json) -> None:
    answer = await ada.call("PUT", f"/images/{image['id']}/labels/{KEY}", json=body)

    assert set(expect_invalid(answer)) == {"verdict"}


async def test_verdict_on_broader_word(
    ada: Visitor, bob: Visitor, image: Json, container: Container, classifier: ScriptedClassifier
) -> None:
    classifier.set_script([HOUND, label("pug", 0.4, 254, ("dog",))])
    classifier.version = "v2"
    await container.image_analysis().sweep()
    await run_tasks(container)
    (seen,) = (await bob.read(f"/images/{image['id']}"))["labels"]
    assert seen == {
        "key": "tag:dog",
        "name": "dog",
        "class_index": None,
        "score": 0.9,
        "tags": [],
        "verdict": None,
    }

    await judge(ada, image, "wrong", key="tag:dog")

    assert await read_verdicts(bob, image) == {}
