"""No form is taken that another site could have sent."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from entrypoints.web.routes import ROUTERS
from tests.entrypoints.web.reader import Reader, token_of

FORMS = sorted(
    {
        route.path.format(post_id="p", image_id="i", comment_id="c", username="bob")
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    }
)


def test_all_forms_are_known() -> None:
    assert len(FORMS) > 20


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_without_a_token_of_its_own_is_refused(ada: Reader, bob: Reader, path: str) -> None:
    theirs = token_of(await bob.reads("/settings"))
    for token in (None, "", "x", "é", "A" * 88, "\0", theirs, theirs[:-4]):
        answer = await ada.client.post(path, data={} if token is None else {"form_token": token})

        assert answer.status_code == 403
        assert "not from a page of ours" in answer.text


async def test_a_token_in_the_address_is_none(ada: Reader) -> None:
    token = token_of(await ada.reads("/settings"))
    answer = await ada.client.post("/sign-out", params={"form_token": token})

    assert answer.status_code == 403


async def test_tokens_look_different_on_every_page_and_all_are_good(ada: Reader) -> None:
    tokens = {token_of(await ada.reads("/settings")) for _ in range(3)}

    assert len(tokens) == 3
    for token in tokens:
        answer = await ada.client.post("/notifications/read", data={"form_token": token, "up_to": "none"})
        assert answer.status_code == 404  # past the check


async def test_a_form_opened_before_signing_in_is_still_good(ada: Reader, stranger: Reader, app: FastAPI) -> None:
    before = token_of(await stranger.reads("/search"))
    await stranger.signs_up("eve")
    answer = await stranger.client.post("/search/by-picture", data={"form_token": before})

    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"\xff\xfe"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", ""])
async def test_a_form_that_is_none_is_a_refusal(ada: Reader, body: bytes, kind: str) -> None:
    answer = await ada.client.post("/new", content=body, headers={"Content-Type": kind})

    assert answer.status_code in {400, 403}
