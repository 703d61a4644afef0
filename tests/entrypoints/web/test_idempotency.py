"""A form that a browser sends twice takes effect once."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

from container import Container
from entrypoints.asgi import create_app
from tests.containers import container_for
from tests.entrypoints.web.page_client import PASSWORD, PageClient, token_of
from tests.sample_images import a_jpeg

_FORM_ID = re.compile(r'name="form_id" value="([^"]+)"')


@pytest.fixture
async def container(either_store: str | None) -> AsyncIterator[Container]:
    async with container_for(either_store) as made:
        yield made


@pytest.fixture
def app(container: Container) -> FastAPI:
    return create_app(container)


def read_form(page: str) -> dict[str, str]:
    """The hidden fields that identify the form of the page."""
    found = _FORM_ID.search(page)
    assert found
    return {"form_token": token_of(page), "form_id": found[1]}


async def send_twice(reader: PageClient, to: str, at_once: bool, **sent: Any) -> list[Response]:
    if at_once:
        return list(await asyncio.gather(*(reader.client.post(to, **sent) for _ in range(2))))
    return [await reader.client.post(to, **sent) for _ in range(2)]


@pytest.mark.parametrize("at_once", [True, False])
async def test_comment_is_added_once(ada: PageClient, at_once: bool) -> None:
    path = await ada.publish()
    form = {**read_form(await ada.read(path)), "text": "lovely"}
    answers = await send_twice(ada, f"{path}/comments", at_once, data=form)

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert [one["text"] for one in (await ada.client.get(f"/v1{path}/comments")).json()["items"]] == ["lovely"]


async def test_same_text_in_new_form_is_new_comment(ada: PageClient) -> None:
    path = await ada.publish()
    headers = {"HX-Request": "true"}
    form = read_form(await ada.read(path))
    first = await ada.client.post(f"{path}/comments", data={**form, "text": "ha"}, headers=headers)
    repeated = await ada.client.post(f"{path}/comments", data={**form, "text": "ha"}, headers=headers)
    assert re.findall(r'id="comment-[0-9a-f-]+"', first.text) == re.findall(r'id="comment-[0-9a-f-]+"', repeated.text)

    renewed = _FORM_ID.search(first.text)
    assert renewed
    for changed in ({"form_id": renewed[1], "text": "ha"}, {"text": "something else"}, {"form_id": "", "text": "ha"}):
        answer = await ada.client.post(f"{path}/comments", data={**form, **changed}, headers=headers)
        assert answer.status_code == 200
    said = (await ada.client.get(f"/v1{path}/comments")).json()["items"]
    assert [one["text"] for one in said] == ["ha", "ha", "something else", "ha"]


@pytest.mark.parametrize("at_once", [True, False])
async def test_post_is_published_once(ada: PageClient, at_once: bool) -> None:
    form = {**read_form(await ada.read("/new")), "text": "once"}
    answers = await send_twice(ada, "/new", at_once, data=form, files={"file": ("a.jpg", a_jpeg())})

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len((await ada.client.get("/v1/users/ada/posts")).json()["items"]) == 1
    assert len((await ada.client.get("/v1/me/images")).json()["items"]) == 1


async def test_refused_post_can_be_resubmitted(ada: PageClient) -> None:
    form = {**read_form(await ada.read("/new")), "text": "soon"}
    for _ in range(2):
        answer = await ada.client.post("/new", data=form, files={"file": ("a.jpg", b"no image")})
        assert answer.status_code == 422
        assert "soon" in answer.text
    answer = await ada.client.post("/new", data=form, files={"file": ("a.jpg", a_jpeg())})
    assert answer.status_code == 303


@pytest.mark.parametrize("at_once", [True, False])
async def test_account_is_created_once(app: FastAPI, at_once: bool) -> None:
    async with PageClient(app) as reader:
        fields = {"username": "eve", "email": "eve@example.org", "password": PASSWORD, "next": "/settings"}
        form = {**read_form(await reader.read("/sign-up")), **fields}
        answers = await send_twice(reader, "/sign-up", at_once, data=form)

        assert [(one.status_code, one.headers["location"]) for one in answers] == [(303, "/settings")] * 2
        assert (await reader.client.get("/v1/me")).json()["username"] == "eve"


async def test_forms_of_users_are_independent(ada: PageClient, bob: PageClient) -> None:
    path = await ada.publish()
    form_id = read_form(await ada.read(path))["form_id"]
    for reader in (ada, bob):
        form = {"form_token": token_of(await reader.read(path)), "form_id": form_id, "text": "hello"}
        assert (await reader.client.post(f"{path}/comments", data=form)).status_code == 303

    said = (await ada.client.get(f"/v1{path}/comments")).json()["items"]
    assert [one["author"]["username"] for one in said] == ["ada", "bob"]
