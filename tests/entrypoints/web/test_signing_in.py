from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from fastapi import FastAPI

from adapters.memory.clock import MemoryClock
from container import Container
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "/\t/evil.example/",
    "/\n/evil.example",
    "javascript:alert(1)",
    "evil.example",
    " /",
    "",
    "/" + "x" * 3000,
]


async def test_signing_in_leads_back_to_where_one_wanted_to_go(ada: PageClient, stranger: PageClient) -> None:
    asked = await stranger.get("/settings")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Fsettings")

    fields = {"username": "ada@example.org", "password": PASSWORD, "next": "/settings"}
    signed_in = await stranger.submit("/sign-in?next=%2Fsettings", "/sign-in", **fields)

    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/settings")
    assert "End all sessions" in await stranger.read("/settings")


@pytest.mark.parametrize("wanted", ELSEWHERE)
async def test_nobody_is_led_to_another_site(ada: PageClient, stranger: PageClient, wanted: str) -> None:
    fields = {"username": "ada", "password": PASSWORD, "next": wanted}
    answer = await stranger.submit("/sign-in", "/sign-in", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_a_form_leads_back_only_to_a_page_of_ours(ada: PageClient, bob: PageClient) -> None:
    path = await bob.publish()
    foreign = {"Referer": "https://evil.example/explore"}
    answer = await ada.submit(path, f"{path}/like", liked="yes", headers=foreign)

    assert answer.headers["location"].startswith(path)


@pytest.mark.parametrize("wrong", [{"username": "ada", "password": "wrong horse battery"}, {"username": "ad\0a"}, {}])
async def test_a_wrong_password_is_told_without_losing_the_name(
    ada: PageClient, stranger: PageClient, wrong: dict[str, str]
) -> None:
    answer = await stranger.submit("/sign-in", "/sign-in", **wrong)

    assert answer.status_code == 422
    assert "The username (or e-mail) or the password is wrong" in text_of(answer.text)
    assert "tintype_session" not in answer.headers.get("set-cookie", "")


async def test_a_newcomer_is_told_every_fault_beside_its_field(stranger: PageClient) -> None:
    fields = {"username": "A!", "email": "nowhere", "password": "short", "display_name": "x" * 51}
    answer = await stranger.submit("/sign-up", "/sign-up", **fields)

    said = text_of(answer.text)
    assert answer.status_code == 422
    for told in ("It is 2 characters long", "is no e-mail address", "at least 10 characters", "at most 50 are allowed"):
        assert told in said
    assert 'value="nowhere"' in answer.text
    assert "short" not in answer.text.replace("too short", "")


async def test_a_taken_name_is_told_beside_the_name(ada: PageClient, stranger: PageClient) -> None:
    fields = {"username": "Ada", "email": "other@example.org", "password": PASSWORD}
    answer = await stranger.submit("/sign-up", "/sign-up", **fields)

    assert answer.status_code == 409
    assert "The name ada is taken; choose another" in text_of(answer.text)


async def test_the_session_is_out_of_reach_for_scripts_and_other_sites(ada: PageClient, stranger: PageClient) -> None:
    answer = await stranger.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)

    cookie = answer.headers["set-cookie"]
    assert "tintype_session=" in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/", f"Max-Age={30 * 86400}"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


PROXIED = {"X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("base_url", "headers", "config"),
    [
        ("https://tintype.test", {}, {}),
        ("http://tintype.test", PROXIED, {"trusted_networks": [ip_network("127.0.0.0/8")]}),
        ("http://tintype.test", {}, {"public_url": "https://tintype.example"}),
    ],
)
async def test_behind_tls_cookies_never_leave_it(
    base_url: str, headers: dict[str, str], config: dict[str, Any]
) -> None:
    async with PageClient(create_app(memory_container(config=config)), base_url) as reader:
        page = await reader.client.get("/sign-up", headers=headers)

        assert page.headers["set-cookie"].startswith("__Host-tintype_visitor=")
        assert "Secure" in page.headers["set-cookie"]
        assert "Domain" not in page.headers["set-cookie"]
        assert page.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("config", [{}, {"trusted_networks": [ip_network("10.0.0.0/8")]}])
async def test_tls_is_not_believed_of_just_anybody(config: dict[str, Any]) -> None:
    async with PageClient(create_app(memory_container(config=config))) as reader:
        page = await reader.client.get("/sign-up", headers=PROXIED)

        assert page.headers["set-cookie"].startswith("tintype_visitor=")
        assert "Secure" not in page.headers["set-cookie"]
        assert "strict-transport-security" not in page.headers


async def test_previews_of_a_post_name_the_scheme_that_a_trusted_proxy_speaks() -> None:
    app = create_app(memory_container(config={"trusted_networks": [ip_network("127.0.0.1/32")]}))
    async with PageClient(app, "https://tintype.test") as ada, PageClient(app) as crawler:
        await ada.sign_up("ada")
        path = await ada.publish()
        for headers, scheme in (({}, "http"), (PROXIED, "https")):
            page = (await crawler.client.get(path, headers=headers)).text
            assert f'property="og:image" content="{scheme}://tintype.test/v1/images/' in page


async def test_the_cookie_reads_the_api_and_writes_nothing(ada: PageClient) -> None:
    path = await ada.publish(visibility="followers")

    read = await ada.client.get(f"/v1{path}")
    image = read.json()["images"][0]["urls"]["thumb"]
    assert read.status_code == 200
    assert (await ada.client.get(image)).status_code == 200
    assert (await ada.client.head(image)).status_code == 200
    assert (await ada.client.get("/v1/me")).json()["username"] == "ada"
    for method, call in (("PUT", f"{path}/like"), ("DELETE", path), ("PATCH", "/me"), ("POST", "/images")):
        answer = await ada.client.request(method, f"/v1{call}", json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_cookie_that_signs_in_no_more_is_a_stranger_s(ada: PageClient, container: Container) -> None:
    path = await ada.publish()
    clock = container.clock()
    assert isinstance(clock, MemoryClock)
    clock.advance(timedelta(days=31))

    assert (await ada.client.get(f"/v1{path}")).status_code == 200
    assert (await ada.get("/settings")).headers["location"].startswith("/sign-in")
    assert "Sign up" in await ada.read("/")


async def test_signing_out_ends_the_session_for_good(ada: PageClient, app: FastAPI) -> None:
    kept = dict(ada.client.cookies)
    answer = await ada.submit("/@ada", "/sign-out")

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "tintype_session" not in ada.client.cookies
    async with PageClient(app) as thief:
        thief.client.cookies.update(kept)
        assert (await thief.get("/settings")).status_code == 303
