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


async def test_sign_in_redirects_to_requested_page(ada: PageClient, anonymous: PageClient) -> None:
    asked = await anonymous.get("/settings")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?next=%2Fsettings")

    fields = {"username": "ada@example.org", "password": PASSWORD, "next": "/settings"}
    signed_in = await anonymous.submit("/sign-in?next=%2Fsettings", "/sign-in", **fields)

    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/settings")
    assert "End all sessions" in await anonymous.read("/settings")


@pytest.mark.parametrize("wanted", ELSEWHERE)
async def test_sign_in_does_not_redirect_to_other_site(ada: PageClient, anonymous: PageClient, wanted: str) -> None:
    fields = {"username": "ada", "password": PASSWORD, "next": wanted}
    answer = await anonymous.submit("/sign-in", "/sign-in", **fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")


async def test_form_redirects_to_own_pages_only(ada: PageClient, bob: PageClient) -> None:
    path = await bob.publish()
    foreign = {"Referer": "https://evil.example/explore"}
    answer = await ada.submit(path, f"{path}/like", liked="yes", headers=foreign)

    assert answer.headers["location"].startswith(path)


@pytest.mark.parametrize("wrong", [{"username": "ada", "password": "wrong horse battery"}, {"username": "ad\0a"}, {}])
async def test_wrong_password_keeps_username(ada: PageClient, anonymous: PageClient, wrong: dict[str, str]) -> None:
    answer = await anonymous.submit("/sign-in", "/sign-in", **wrong)

    assert answer.status_code == 422
    assert "The username (or e-mail) or the password is wrong" in text_of(answer.text)
    assert "tintype_session" not in answer.headers.get("set-cookie", "")


async def test_sign_up_errors_are_shown_at_fields(anonymous: PageClient) -> None:
    fields = {"username": "A!", "email": "nowhere", "password": "short", "display_name": "x" * 51}
    answer = await anonymous.submit("/sign-up", "/sign-up", **fields)

    said = text_of(answer.text)
    assert answer.status_code == 422
    for told in (
        "It is 2 characters long",
        "is not an e-mail address",
        "at least 10 characters",
        "at most 50 are allowed",
    ):
        assert told in said
    assert 'value="nowhere"' in answer.text
    assert "short" not in answer.text.replace("too short", "")


async def test_used_name_is_shown_at_field(ada: PageClient, anonymous: PageClient) -> None:
    fields = {"username": "Ada", "email": "other@example.org", "password": PASSWORD}
    answer = await anonymous.submit("/sign-up", "/sign-up", **fields)

    assert answer.status_code == 409
    assert "The name ada is taken; choose another" in text_of(answer.text)


async def test_session_cookie_is_http_only_and_same_site(ada: PageClient, anonymous: PageClient) -> None:
    answer = await anonymous.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)

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
async def test_cookies_are_secure_with_tls(base_url: str, headers: dict[str, str], config: dict[str, Any]) -> None:
    async with PageClient(create_app(memory_container(config=config)), base_url) as reader:
        page = await reader.client.get("/sign-up", headers=headers)

        assert page.headers["set-cookie"].startswith("__Host-tintype_visitor=")
        assert "Secure" in page.headers["set-cookie"]
        assert "Domain" not in page.headers["set-cookie"]
        assert page.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("config", [{}, {"trusted_networks": [ip_network("10.0.0.0/8")]}])
async def test_tls_header_of_untrusted_client_is_ignored(config: dict[str, Any]) -> None:
    async with PageClient(create_app(memory_container(config=config))) as reader:
        page = await reader.client.get("/sign-up", headers=PROXIED)

        assert page.headers["set-cookie"].startswith("tintype_visitor=")
        assert "Secure" not in page.headers["set-cookie"]
        assert "strict-transport-security" not in page.headers


async def test_previews_use_scheme_of_trusted_proxy() -> None:
    app = create_app(memory_container(config={"trusted_networks": [ip_network("127.0.0.1/32")]}))
    async with PageClient(app, "https://tintype.test") as ada, PageClient(app) as crawler:
        await ada.sign_up("ada")
        path = await ada.publish()
        for headers, scheme in (({}, "http"), (PROXIED, "https")):
            page = (await crawler.client.get(path, headers=headers)).text
            assert f'property="og:image" content="{scheme}://tintype.test/v1/images/' in page


async def test_cookie_allows_reads_of_api_only(ada: PageClient) -> None:
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


async def test_expired_cookie_is_anonymous(ada: PageClient, container: Container) -> None:
    path = await ada.publish()
    clock = container.clock()
    assert isinstance(clock, MemoryClock)
    clock.advance(timedelta(days=31))

    assert (await ada.client.get(f"/v1{path}")).status_code == 200
    assert (await ada.get("/settings")).headers["location"].startswith("/sign-in")
    assert "Sign up" in await ada.read("/")


async def test_sign_out_revokes_session(ada: PageClient, app: FastAPI) -> None:
    kept = dict(ada.client.cookies)
    answer = await ada.submit("/@ada", "/sign-out")

    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "tintype_session" not in ada.client.cookies
    async with PageClient(app) as thief:
        thief.client.cookies.update(kept)
        assert (await thief.get("/settings")).status_code == 303
