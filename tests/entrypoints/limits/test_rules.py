"""All rate limits, through the API and the web UI."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from domain import rate_limits as table
from domain.rate_limits import Rule
from domain.roles import Role
from entrypoints.asgi import create_app
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import (
    client_at,
    max_uses,
    new_client,
    page_client_at,
    post,
    repeat_until_refused,
    spend,
    upload,
)
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of, token_of
from tests.sample_images import a_jpeg

NOBODY = uuid4()
IMAGE = {"file": ("a.jpg", a_jpeg())}


async def _ask_again(client: AsyncClient) -> Response:
    images = (await client.get("/v1/me/images")).json()["items"]
    image = images[0]["id"] if images else await upload(client)
    return await client.post(f"/v1/images/{image}/understanding/classification")


CALLS: dict[str, tuple[Rule, Callable[[AsyncClient], Awaitable[Response]]]] = {
    "upload": (table.UPLOAD, lambda client: client.post("/v1/images", files={"file": ("a.txt", b"no image")})),
    "post": (table.POST, lambda client: client.post("/v1/posts", json={"image_ids": [str(NOBODY)]})),
    "comment": (table.COMMENT, lambda client: client.post(f"/v1/posts/{NOBODY}/comments", json={"text": "x"})),
    "follow": (table.FOLLOW, lambda client: client.put("/v1/users/nobody/follow")),
    "unfollow": (table.FOLLOW, lambda client: client.delete("/v1/users/nobody/follow")),
    "like": (table.LIKE, lambda client: client.put(f"/v1/posts/{NOBODY}/like")),
    "unlike": (table.LIKE, lambda client: client.delete(f"/v1/posts/{NOBODY}/like")),
    "block": (table.BLOCK, lambda client: client.put("/v1/users/nobody/block")),
    "mute": (table.BLOCK, lambda client: client.put("/v1/users/nobody/mute")),
    "terms": (table.PUBLISH_TERMS, lambda client: client.post("/v1/terms", json={"text": "x"})),
    "invite": (table.INVITE, lambda client: client.post("/v1/invites", json={})),
    "approve": (table.MODERATE_SIGN_UP, lambda client: client.put("/v1/moderation/sign-ups/nobody")),
    "refuse": (table.MODERATE_SIGN_UP, lambda client: client.delete("/v1/moderation/sign-ups/nobody")),
    "search": (table.SEARCH, lambda client: client.get("/v1/search?q=dog")),
    "people": (table.SEARCH, lambda client: client.get("/v1/search/people?q=a")),
    "by image": (table.SEARCH_BY_IMAGE, lambda client: client.post("/v1/search/by-image", files=IMAGE)),
    "again": (table.REPEAT_ANALYSIS, _ask_again),
    "second factor": (
        table.CHANGE_FACTORS,
        lambda client: client.post("/v1/me/second-factors", json={"kind": "recovery_codes"}),
    ),
    "confirmation": (
        table.CONFIRM_PASSWORD,
        lambda client: client.post("/v1/me/confirmations", json={"password": "wrong"}),
    ),
    "password": (
        table.CONFIRM_PASSWORD,
        lambda client: client.put("/v1/me/password", json={"current": "wrong", "new": "another long password"}),
    ),
    "proof": (table.PROVE_EMAIL, lambda client: client.post("/v1/email-proofs")),
    "new address": (
        table.PROVE_EMAIL,
        lambda client: client.put("/v1/me/email", json={"email": "nowhere", "current": "wrong"}),
    ),
}


@pytest.mark.parametrize("call", CALLS)
async def test_call_over_limit_is_refused_with_retry_after(
    make_container: MakeContainer, clock: StoppedClock, call: str
) -> None:
    rule, ask = CALLS[call]
    container = make_container()
    async with new_client(create_app(container), "ada") as ada:
        await container.accounts().set_role("ada", Role.ADMIN)
        left = await spend(container, rule, "ada")
        taken, refusal = await repeat_until_refused(lambda: ask(ada), left + 1)

        rate = min(rule.rates, key=lambda rate: rate.limit)
        problem = refusal.json()
        assert taken == left
        assert (problem["code"], problem["limit"], problem["actual"]) == ("too_many_requests", rate.limit, rate.limit)
        assert rule.description in problem["detail"]
        assert str(rate.limit) in problem["detail"]
        assert refusal.headers["ratelimit-limit"] == str(rate.limit)
        assert refusal.headers["ratelimit-remaining"] == "0"
        assert int(refusal.headers["ratelimit-reset"]) > 0
        clock.advance(timedelta(seconds=int(refusal.headers["retry-after"])))
        assert (await ask(ada)).status_code != 429


BY_ADDRESS: dict[str, tuple[Rule, Callable[[AsyncClient, int], Awaitable[Response]]]] = {
    "reset": (
        table.RESET_PASSWORD,
        lambda client, number: client.post("/v1/password-resets", json={"email": f"a{number}@example.org"}),
    ),
    "recipient": (
        table.RECIPIENT,
        lambda client, _: client.post("/v1/password-resets", json={"email": "Ada@example.org"}),
    ),
    "sign-ups of a recipient": (
        table.RECIPIENT,
        lambda client, number: client.post(
            "/v1/users", json={"username": f"ada{number}", "email": "ada@example.org", "password": PASSWORD}
        ),
    ),
    "new password": (
        table.USE_LINK,
        lambda client, _: client.put("/v1/password-resets/x", json={"password": "another long password"}),
    ),
    "confirmation": (table.USE_LINK, lambda client, _: client.put("/v1/email-proofs/x")),
}


@pytest.mark.parametrize("call", BY_ADDRESS)
async def test_anonymous_call_over_limit_is_refused(make_container: MakeContainer, call: str) -> None:
    rule, ask = BY_ADDRESS[call]
    numbers = count()
    async with client_at(create_app(make_container(mail="memory"))) as client:
        taken, refusal = await repeat_until_refused(lambda: ask(client, next(numbers)))

    assert taken == max_uses(rule)
    assert refusal.json()["code"] == "too_many_requests"
    assert rule.description in refusal.json()["detail"]
    assert int(refusal.headers["retry-after"]) > 0


async def test_response_states_remaining_uses(make_container: MakeContainer) -> None:
    async with new_client(create_app(make_container()), "ada") as ada:
        answers = [await ada.get("/v1/search?q=dog") for _ in range(2)]

    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["59", "58"]
    assert answers[0].headers["ratelimit-limit"] == "60"


async def test_limits_are_per_account(make_container: MakeContainer) -> None:
    container = make_container()
    app = create_app(container)
    async with new_client(app, "ada") as ada, new_client(app, "bob") as bob:
        await spend(container, table.SEARCH, "ada")
        await repeat_until_refused(lambda: ada.get("/v1/search?q=dog"))

        assert (await bob.get("/v1/search?q=dog")).status_code == 200


async def test_analysis_of_image_can_be_requested_once_per_minute(make_container: MakeContainer) -> None:
    async with new_client(create_app(make_container()), "ada") as ada:
        paths = [f"/v1/images/{await upload(ada, seed)}/understanding" for seed in range(2)]
        first = [await ada.post(f"{path}/{task}") for path in paths for task in ("classification", "caption")]

        assert [answer.status_code for answer in first] == [202] * 4
        assert (await ada.post(f"{paths[0]}/caption")).status_code == 429


async def test_limits_can_be_disabled(make_container: MakeContainer) -> None:
    async with new_client(create_app(make_container(rate_limited=False)), "ada") as ada:
        answers = [await ada.post(f"/v1/images/{await upload(ada)}/understanding/caption") for _ in range(2)]
        image = (await ada.get("/v1/me/images")).json()["items"][0]["id"]
        answers += [await ada.post(f"/v1/images/{image}/understanding/caption") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {202}
    assert "ratelimit-limit" not in answers[0].headers


async def _send(reader: PageClient, to: str, token: str, files: Any = None, **fields: Any) -> Response:
    return await reader.client.post(to, data={"form_token": token, **fields}, files=files)


async def _sign_up(reader: PageClient, number: int) -> Response:
    reader.client.cookies.clear()
    name = f"ada{number}"
    fields = {"username": name, "email": f"{name}@example.org", "password": PASSWORD}
    return await reader.submit("/sign-up", "/sign-up", **fields)


FORMS: dict[str, tuple[Rule, Callable[[PageClient, str, str], Awaitable[Response]]]] = {
    "comment": (table.COMMENT, lambda reader, token, at: _send(reader, f"/posts/{at}/comments", token, text="x")),
    "like": (table.LIKE, lambda reader, token, at: _send(reader, f"/posts/{at}/like", token, liked="yes")),
    "follow": (table.FOLLOW, lambda reader, token, _: _send(reader, "/@bob/follow", token, wanted="yes")),
    "block": (table.BLOCK, lambda reader, token, _: _send(reader, "/@bob/mute", token, wanted="yes")),
    "search": (table.SEARCH, lambda reader, *_: reader.get("/search?q=dog")),
    "by image": (
        table.SEARCH_BY_IMAGE,
        lambda reader, token, _: _send(reader, "/search/by-picture", token, files=IMAGE),
    ),
    "post": (table.POST, lambda reader, token, _: _publish(reader, token)),
    "second factor": (
        table.CHANGE_FACTORS,
        lambda reader, token, _: _send(reader, "/settings/second-factors/totp", token),
    ),
    "password": (
        table.CONFIRM_PASSWORD,
        lambda reader, token, _: _send(reader, "/settings/password", token, current="no", new="another long one"),
    ),
    "avatar": (
        table.UPLOAD,
        lambda reader, token, _: _send(
            reader, "/settings/profile", token, files={"avatar": IMAGE["file"]}, display_name="ada"
        ),
    ),
    "upload": (table.UPLOAD, lambda reader, token, _: _send(reader, "/new/pictures", token, files=IMAGE)),
    "post with a file": (table.UPLOAD, lambda reader, token, _: _send(reader, "/new", token, files=IMAGE)),
    "proof": (table.PROVE_EMAIL, lambda reader, token, _: _send(reader, "/settings/email/proof", token)),
    "new address": (table.PROVE_EMAIL, lambda reader, token, _: _send(reader, "/settings/email", token, email="x")),
    "leave": (table.CONFIRM_PASSWORD, lambda reader, token, _: _send(reader, "/settings/delete", token, password="no")),
}


async def _publish(reader: PageClient, token: str) -> Response:
    answer = await _send(reader, "/new/pictures", token, files=IMAGE, text="a dog")
    image = answer.text.partition('name="image" value="')[2].partition('"')[0]
    return await _send(reader, "/new", token, image=image, text="a dog")


@pytest.mark.parametrize("form", FORMS)
async def test_page_over_limit_is_refused_with_reason(make_container: MakeContainer, form: str) -> None:
    rule, send = FORMS[form]
    container = make_container()
    app = create_app(container)
    async with new_client(app, "bob") as bob, page_client_at(app) as ada:
        at = await post(bob)
        await ada.sign_up("ada")
        left = await spend(container, rule, "ada")
        token = token_of(await ada.read("/settings"))

        taken, refusal = await repeat_until_refused(lambda: send(ada, token, at), left + 1)

    assert taken == left
    assert f"oo many {rule.description}" in text_of(refusal.text)
    assert "try again in" in text_of(refusal.text)
    assert int(refusal.headers["retry-after"]) > 0
    assert refusal.headers["ratelimit-limit"] == str(max_uses(rule))
    assert refusal.headers["ratelimit-remaining"] == "0"


async def test_sign_up_page_states_wait(make_container: MakeContainer) -> None:
    async with page_client_at(create_app(make_container())) as reader:
        numbers = count()
        taken, refusal = await repeat_until_refused(lambda: _sign_up(reader, next(numbers)))

    assert taken == max_uses(table.SIGN_UP)
    assert "oo many new accounts from your address" in text_of(refusal.text)
    assert int(refusal.headers["retry-after"]) > 0
    assert refusal.headers["ratelimit-limit"] == str(taken)


async def test_refused_post_states_limit_of_posts(make_container: MakeContainer) -> None:
    container = make_container()
    async with page_client_at(create_app(container)) as ada:
        await ada.sign_up("ada")
        token = token_of(await ada.read("/settings"))
        await spend(container, table.POST, "ada", leave=0)

        refusal = await _send(ada, "/new", token, files=IMAGE)

    assert refusal.status_code == 429
    assert refusal.headers["ratelimit-limit"] == str(max_uses(table.POST))


async def test_page_requests_analysis_of_image_once_per_minute(make_container: MakeContainer) -> None:
    app: FastAPI = create_app(make_container())
    async with page_client_at(app) as ada:
        await ada.sign_up("ada")
        token = token_of(await ada.read("/settings"))
        (image,) = await ada.upload(a_jpeg())

        taken, refusal = await repeat_until_refused(
            lambda: _send(ada, f"/pictures/{image}/retry", token, task="caption")
        )

    assert taken == 1
    assert "at most 1 in 1 minute" in text_of(refusal.text)


async def test_page_names_file_over_limit(make_container: MakeContainer) -> None:
    container = make_container()
    async with page_client_at(create_app(container)) as ada:
        await ada.sign_up("ada")
        token = token_of(await ada.read("/settings"))
        files = [("file", (f"{number}.jpg", b"no image")) for number in range(3)]
        await spend(container, table.UPLOAD, "ada", leave=2)

        answer = await _send(ada, "/new/pictures", token, files=files)

    assert "1.jpg: too many uploads" not in text_of(answer.text)
    assert "2.jpg: too many uploads: at most 120 in 1 minute are allowed" in text_of(answer.text)
