"""Forms sent by other sites are refused."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from container import Container
from domain.roles import Role
from entrypoints.asgi import create_app
from entrypoints.web.errors import SIGN_IN_PATHS
from entrypoints.web.routes import ROUTERS
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PASSWORD, PageClient, token_of

FORMS = sorted(
    {
        route.path.format(
            post_id="p",
            image_id="i",
            comment_id="c",
            username="bob",
            token="t",
            email_id="e",
            decision_id="d",
            group_id="g",
            entry_id="e",
        )
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "POST" in (route.methods or ())
    }
)


FOR_MODERATORS = ("/moderation/", "/operator/", "/invites", "/terms")


def test_all_forms_are_tested() -> None:
    assert len(FORMS) > 20


@pytest.mark.parametrize("path", FORMS)
async def test_form_without_valid_token_is_refused(
    ada: PageClient, bob: PageClient, anonymous: PageClient, path: str
) -> None:
    theirs = token_of(await bob.read("/settings"))
    sender = anonymous if path in SIGN_IN_PATHS else ada
    for token in (None, "", "x", "é", "A" * 88, "\0", theirs, theirs[:-4]):
        answer = await sender.client.post(path, data={} if token is None else {"form_token": token})

        if path.startswith(FOR_MODERATORS):
            assert answer.status_code == 404  # before the token is looked at
        else:
            assert answer.status_code == 403
            assert "not from a page of this session" in answer.text


async def test_moderators_form_without_valid_token_is_refused(ada: PageClient, container: Container) -> None:
    await container.accounts().set_role("ada", Role.ADMIN)
    for path in (path for path in FORMS if path.startswith(FOR_MODERATORS)):
        for token in (None, "", "x", "A" * 88):
            answer = await ada.client.post(path, data={} if token is None else {"form_token": token})
            assert answer.status_code == 403
            assert "not from a page of this session" in answer.text


async def test_token_in_url_is_ignored(ada: PageClient) -> None:
    token = token_of(await ada.read("/settings"))
    answer = await ada.client.post("/sign-out", params={"form_token": token})

    assert answer.status_code == 403


async def test_tokens_differ_and_are_all_valid(ada: PageClient) -> None:
    tokens = {token_of(await ada.read("/settings")) for _ in range(3)}

    assert len(tokens) == 3
    for token in tokens:
        answer = await ada.client.post("/notifications/read", data={"form_token": token, "up_to": "none"})
        assert answer.status_code == 404  # past the check


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.tintype.test"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://tintype.test.evil.example"},
    {"Origin": "http://tintype.test:81"},
    {"Origin": "null"},
    {"Origin": "http://["},
]


@pytest.mark.parametrize("path", FORMS)
async def test_form_of_other_site_is_refused_with_any_token(ada: PageClient, path: str) -> None:
    known = await read_token(ada)
    for headers in FOREIGN:
        answer = await ada.client.post(path, data={"form_token": known}, headers=headers)
        assert answer.status_code == 403
        assert "only pages of this site may send it" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://tintype.test"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://tintype.test"},
        {"Origin": "https://tintype.test"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    ],
)
async def test_form_of_this_site_is_accepted(ada: PageClient, headers: dict[str, str]) -> None:
    fields = {"form_token": await read_token(ada), "display_name": "Ada L.", "bio": ""}
    answer = await ada.client.post("/settings/profile", data=fields, headers=headers)

    assert answer.status_code == 303


async def test_page_without_tls_is_other_site() -> None:
    app = create_app(memory_container(config={"public_url": "https://tintype.test"}))
    async with PageClient(app, "https://tintype.test") as ada:
        await ada.sign_up("ada")
        fields = {"form_token": await read_token(ada), "display_name": "Ada L.", "bio": ""}
        for origin, status in (("http://tintype.test", 403), ("https://tintype.test", 303)):
            answer = await ada.client.post("/settings/profile", data=fields, headers={"Origin": origin})
            assert answer.status_code == status


async def test_public_url_counts_behind_proxy() -> None:
    app = create_app(memory_container(config={"public_url": "https://pictures.example"}))
    async with PageClient(app, "https://tintype.test") as ada:
        await ada.sign_up("ada")
        fields = {"form_token": await read_token(ada), "display_name": "Ada L.", "bio": ""}
        headers = {"Origin": "https://pictures.example"}
        assert (await ada.client.post("/settings/profile", data=fields, headers=headers)).status_code == 303


async def test_planted_visitor_cookie_is_invalid_for_session(ada: PageClient, anonymous: PageClient) -> None:
    known = token_of(await anonymous.read("/sign-in"))
    ada.client.cookies.set("tintype_visitor", anonymous.client.cookies["tintype_visitor"], domain="tintype.test")
    answer = await ada.client.post("/settings/profile", data={"form_token": known, "display_name": "Mallory"})

    assert answer.status_code == 403
    assert (await ada.client.get("/v1/me")).json()["display_name"] == "ada"


async def test_sign_in_ends_visitor_secret(ada: PageClient, anonymous: PageClient) -> None:
    before = token_of(await anonymous.read("/sign-in"))
    planted = anonymous.client.cookies["tintype_visitor"]
    await anonymous.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)
    assert "tintype_visitor" not in anonymous.client.cookies

    await anonymous.submit("/@ada", "/sign-out")
    await anonymous.read("/sign-in")
    assert anonymous.client.cookies["tintype_visitor"] != planted
    fields = {"form_token": before, "username": "ada", "password": PASSWORD}
    assert (await anonymous.client.post("/sign-in", data=fields)).status_code == 403


async def test_tls_requires_host_cookies(ada: PageClient, app: FastAPI) -> None:
    session = ada.client.cookies["tintype_session"]
    async with PageClient(app, "https://tintype.test") as reader:
        for name, status in (("tintype_session", 303), ("__Host-tintype_session", 200)):
            answer = await reader.get("/settings", Cookie=f"{name}={session}")
            assert answer.status_code == status
            answer = await reader.get("/v1/me", Cookie=f"{name}={session}")
            assert answer.status_code == (200 if status == 200 else 401)


async def read_token(reader: PageClient) -> str:
    return token_of(await reader.read("/settings"))


@pytest.mark.parametrize("body", [b"", b"--x\r\nnonsense", b"\xff\xfe"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", ""])
async def test_other_body_is_refused(ada: PageClient, body: bytes, kind: str) -> None:
    answer = await ada.client.post("/new", content=body, headers={"Content-Type": kind})

    assert answer.status_code in {400, 403}
