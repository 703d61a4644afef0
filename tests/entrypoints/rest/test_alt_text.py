"""Alt text and its sources."""

import pytest
from httpx import AsyncClient

from container import Container
from domain.captions import Source
from domain.errors import Unavailable
from tests.containers import memory_container
from tests.doubles import ScriptedCaptionWriter, ScriptedClassifier
from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, new_visitor, ok


@pytest.fixture
def container() -> Container:
    writer = ScriptedCaptionWriter(needs_labels=False)
    return memory_container(captions=writer, classifier=ScriptedClassifier(Unavailable("the model is away")))


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def image(ada: Visitor, container: Container) -> Json:
    """A posted image with a suggestion, `draft 1`."""
    post = await ada.post()
    await container.storage().queue.drain(container.job_handler().handle)
    return await ada.read(f"/images/{post['images'][0]['id']}")


async def describe(ada: Visitor, image: Json, **body: object) -> Json:
    return ok(await ada.call("PATCH", f"/images/{image['id']}", json=body))


async def test_suggestion_is_shown_to_owner_only(ada: Visitor, image: Json) -> None:
    draft = {"text": "draft 1", "source": "model", "model": "scripted-1", "prompt_version": "test/1"}
    assert (image["alt_text"], image["alt_text_suggestion"]) == (None, draft)
    seen = await Visitor(ada.client).read(f"/images/{image['id']}")
    assert seen["alt_text_suggestion"] is None
    (post,) = (await Visitor(ada.client).read("/posts"))["items"]
    assert post["images"][0]["alt_text_suggestion"] is None
    (post,) = (await ada.read("/posts"))["items"]
    assert post["images"][0]["alt_text_suggestion"] == draft


async def test_errors_are_shown_to_owner_only(ada: Visitor, image: Json) -> None:
    assert "the model is away" in image["understanding"]["classification"]["error"]
    seen = await Visitor(ada.client).read(f"/images/{image['id']}")
    assert seen["understanding"]["classification"]["error"] is None
    assert seen["understanding"]["classification"]["state"] == "pending"


@pytest.mark.parametrize(
    ("text", "based", "source", "model"),
    [
        ("draft 1", False, Source.MODEL, "scripted-1"),
        ("draft 1", True, Source.MODEL, "scripted-1"),
        ("draft 1, mended", True, Source.EDITED, "scripted-1"),
        ("draft 1, mended", False, Source.HUMAN, None),
        ("my own words", False, Source.HUMAN, None),
    ],
)
async def test_alt_text_states_source(
    ada: Visitor, image: Json, text: str, based: bool, source: Source, model: str | None
) -> None:
    answer = await describe(ada, image, alt_text=text, based_on_suggestion=based)
    assert answer["alt_text"] == {"text": text, "source": source.value, "model": model}
    assert answer["alt_text_suggestion"] is None
    seen = await Visitor(ada.client).read(f"/images/{image['id']}")
    assert seen["alt_text"] == answer["alt_text"]


async def test_handled_suggestion_has_no_effect(ada: Visitor, image: Json) -> None:
    await describe(ada, image, alt_text="mine")
    answer = await describe(ada, image, alt_text="draft 1", based_on_suggestion=True)
    assert answer["alt_text"]["source"] == "human"


async def test_alt_text_can_be_removed(ada: Visitor, image: Json) -> None:
    await describe(ada, image, alt_text="mine")
    answer = await describe(ada, image, alt_text=None)
    assert (answer["alt_text"], answer["alt_text_suggestion"]) == (None, None)


async def test_removing_alt_text_dismisses_suggestion(ada: Visitor, image: Json) -> None:
    assert (await describe(ada, image, alt_text=None))["alt_text_suggestion"] is None


async def test_dismissing_suggestion_keeps_alt_text(ada: Visitor, image: Json, container: Container) -> None:
    await describe(ada, image, alt_text="mine")
    ok(await ada.call("POST", f"/images/{image['id']}/understanding/caption"), 202)
    await container.storage().queue.drain(container.job_handler().handle)
    assert (await ada.read(f"/images/{image['id']}"))["alt_text_suggestion"]["text"] == "draft 2"
    answer = await describe(ada, image, suggestion=None)
    assert (answer["alt_text"]["text"], answer["alt_text_suggestion"]) == ("mine", None)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"alt_text": "missing"}),
        ({"alt_text": "mine", "suggestion": None}, {"alt_text": "not_allowed"}),
        ({"based_on_suggestion": True}, {"alt_text": "missing"}),
        ({"suggestion": None, "based_on_suggestion": True}, {"based_on_suggestion": "not_allowed"}),
        ({"suggestion": "mine"}, {"suggestion": "wrong_type"}),
        ({"alt_text": 7}, {"alt_text": "wrong_type"}),
        ({"alt_text": ""}, {"alt_text": "too_short"}),
        ({"alt_text": "x" * 1501}, {"alt_text": "too_long"}),
        ({"alt_text": "a\0b"}, {"alt_text": "bad_character"}),
        ({"alt_text": "mine", "based_on_suggestion": "yes"}, {"based_on_suggestion": "wrong_type"}),
        ({"alt_text": "mine", "labels": []}, {"labels": "unknown_field"}),
    ],
)
async def test_request_with_text_and_suggestion_is_refused(ada: Visitor, image: Json, body: Json, faults: Json) -> None:
    assert expect_invalid(await ada.call("PATCH", f"/images/{image['id']}", json=body)) == faults
    assert await ada.read(f"/images/{image['id']}") == image
