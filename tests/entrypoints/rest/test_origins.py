"""Host names of the API, and protection against other sites."""

from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from entrypoints.asgi import create_app
from entrypoints.settings import Settings
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import PASSWORD, client_of
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor, ok

PERSON = {"username": "eve", "email": "eve@example.org", "password": PASSWORD}
FOREIGN = [
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN)
async def test_other_site_cannot_sign_up_or_in(client: AsyncClient, headers: dict[str, str]) -> None:
    expect_problem(await client.post("/v1/users", json=PERSON, headers=headers), 403, "foreign_origin")
    expect_problem(await client.post("/v1/tokens", data=PERSON, headers=headers), 403, "foreign_origin")
    ok(await client.get("/v1/posts", headers=headers))


@pytest.mark.parametrize("headers", FOREIGN)
async def test_requests_with_token_are_accepted_from_other_sites(client: AsyncClient, headers: dict[str, str]) -> None:
    ada = await new_visitor(client, "ada")
    ok(await client.patch("/v1/me", json={"bio": "x"}, headers={**ada.headers, **headers}))


async def test_configured_origin_is_accepted() -> None:
    async with client_of(memory_container(config={"origins": ["https://client.example"]})) as client:
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://client.example"}
        ok(await client.post("/v1/users", json=PERSON, headers=headers), 201)
        headers["Origin"] = "https://evil.example"
        expect_problem(await client.post("/v1/tokens", data=PERSON, headers=headers), 403, "foreign_origin")


def host_name_config(**settings: Any) -> dict[str, Any]:
    return {"host_names": Settings(**settings).host_names}


async def request_as(app: FastAPI, *hosts: str, path: str = "/v1/posts") -> int:
    """The status of a request with these Host headers."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://x") as client:
        request = client.build_request("GET", path)
        del request.headers["host"]
        request.headers = type(request.headers)([*request.headers.raw, *((b"Host", host.encode()) for host in hosts)])
        return (await client.send(request)).status_code


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({}, "localhost", 200),
        ({}, "LOCALHOST:8000", 200),
        ({}, "localhost.:8000", 200),
        ({}, "127.0.0.1:8000", 200),
        ({}, "192.168.1.5", 200),
        ({}, "[::1]:8000", 200),
        ({}, "evil.example", 400),
        ({}, "localhost.evil.example", 400),
        ({}, "evil.example:8000", 400),
        ({}, "", 400),
        ({}, "localhost:8000:9", 400),
        ({}, "localhost/", 400),
        ({}, "user@localhost", 400),
        ({}, "a b", 400),
        ({"public_url": "https://Pictures.example.org/"}, "pictures.example.org", 200),
        ({"public_url": "https://pictures.example.org"}, "other.example.org", 400),
        ({"public_url": "https://pictures.example.org"}, "localhost:8000", 200),
        ({"host": "mybox"}, "mybox:8000", 200),
        ({"allowed_hosts": "api, Pictures.lan"}, "pictures.lan:8000", 200),
        ({"allowed_hosts": "api, pictures.lan"}, "api", 200),
        ({"allowed_hosts": "*"}, "anything.example", 200),
    ],
)
async def test_own_host_names_are_answered(settings: dict[str, Any], host: str, status: int) -> None:
    assert await request_as(create_app(memory_container(config=host_name_config(**settings))), host) == status


async def test_several_hosts_are_refused(client: AsyncClient) -> None:
    app = create_app(memory_container())
    assert await request_as(app, "tintype.test") == 200
    assert await request_as(app) == 400
    assert await request_as(app, "tintype.test", "tintype.test") == 400


async def test_unknown_host_is_refused_with_remedy(client: AsyncClient) -> None:
    problem = expect_problem(await client.get("/v1/posts", headers={"Host": "evil.example"}), 400, "malformed_request")
    assert "does not answer as evil.example" in problem["detail"]
    assert "TINTYPE_ALLOWED_HOSTS" in problem["detail"]
    assert "TINTYPE_PUBLIC_URL" in problem["detail"]


async def test_probes_are_answered_for_any_host() -> None:
    app = create_app(memory_container())
    for path in ("/healthz", "/readyz"):
        assert await request_as(app, "10-0-0-7.pod.cluster.local", path=path) == 200


@pytest.mark.parametrize("url", ["pictures.example.org", "ftp://pictures.example.org", "https://"])
def test_public_url_must_be_web_address(url: str) -> None:
    with pytest.raises(ValueError, match="is not a web address"):
        Settings(public_url=url)


async def test_responses_cannot_be_embedded_by_other_sites(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    image = (await ada.post())["images"][0]["urls"]["thumb"]
    for path in ("/v1/posts", "/v1/nothing", image, "/", "/doc", "/healthz"):
        headers = (await client.get(path)).headers
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "strict-transport-security" not in headers


async def test_other_clients_can_embed_images() -> None:
    async with client_of(memory_container(config={"origins": ["https://client.example"]})) as client:
        ada = await new_visitor(client, "ada")
        image = (await ada.post())["images"][0]["urls"]["thumb"]
        assert (await client.get(image)).headers["cross-origin-resource-policy"] == "cross-origin"
        assert (await client.get("/")).headers["cross-origin-resource-policy"] == "same-origin"


PUBLIC = ["/v1/posts", "/v1/rankings/trending", "/v1/users/ada", "/v1/tags", "/v1/search?q=dog", "/v1/nothing"]
OWN = ["/v1/me", "/v1/feed", "/v1/notifications", "/v1/me/tokens", "/v1/me/images", "/v1/follow-requests"]


async def test_personal_responses_are_not_cached(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    post = await ada.post()
    ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"visibility": "followers"}))
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    for sent in (ada.headers, {"Cookie": f"tintype_session={token}"}):
        for path in [*PUBLIC, *OWN, f"/v1/posts/{post['id']}"]:
            headers = (await client.get(path, headers=sent)).headers
            assert headers["cache-control"] == "private, no-store", path
            assert headers["vary"] == "Authorization, Cookie"


async def test_public_responses_are_revalidated(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    post = await ada.post()
    for path in [*PUBLIC, *OWN, f"/v1/posts/{post['id']}"]:
        headers = (await client.get(path)).headers
        assert (headers["cache-control"], headers["vary"]) == ("no-cache", "Authorization, Cookie"), path
    for path in ("/healthz", "/readyz", "/metrics", "/nowhere"):
        assert (await client.get(path)).headers["cache-control"] == "no-store"
    answer = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD})
    assert answer.headers["cache-control"] == "no-store"


async def test_hidden_image_is_no_longer_served(client: AsyncClient) -> None:
    ada, anonymous = await new_visitor(client, "ada"), Visitor(client)
    for hide in ("PATCH", "DELETE"):
        post = await ada.post()
        path = post["images"][0]["urls"]["large"].removeprefix("/v1")
        served = await anonymous.get(path)
        assert served.headers["cache-control"] == "public, max-age=3600, s-maxage=60"
        await ada.call(
            hide, f"/posts/{post['id']}", **({"json": {"visibility": "followers"}} if hide == "PATCH" else {})
        )
        again = await client.get(f"/v1{path}", headers={"If-None-Match": served.headers["etag"]})
        expect_problem(again, 404, "not_found")
        assert again.headers["cache-control"] == "no-cache"
