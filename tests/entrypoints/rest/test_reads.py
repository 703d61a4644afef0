"""Every GET call of the API answers as the OpenAPI document and the framework say."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import pytest
import schemathesis
from httpx import AsyncClient, Response
from pydantic import Field, TypeAdapter
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from container import Container
from domain.roles import Role
from entrypoints.asgi import create_app
from entrypoints.http.schemas import Out
from entrypoints.rest.reads import Reads
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import client_of_app
from tests.entrypoints.rest.factors import add_totp
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, new_visitor, ok

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", create_app(memory_container()))
DOCUMENT = SCHEMA.raw_schema
STREAM = "/v1/notifications/stream"
IGNORE_TOKENS = {"/v1/sign-up", "/v1/terms", "/v1/terms/{version}"}
PATHS = [path for path, calls in DOCUMENT["paths"].items() if path.startswith("/v1/") and "get" in calls]
FILE_QUERY, SEARCH_QUERY = "size=thumb", "q=waiting"
QUERIES = ["", "limit=1", "limit=0", "limit=x&cursor=y", "cursor=junk", "limit=1&limit=2", "window=day", "sort=none"]


@pytest.fixture
def container() -> Container:
    return memory_container(clock=StoppedClock())


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def names(client: AsyncClient, ada: Visitor, container: Container) -> dict[str, str]:
    """The values of path parameters: objects of Ada, an admin, with everything that an answer can contain."""
    bob = await new_visitor(client, "bob")
    await ada.follow(bob)
    await bob.follow(ada)
    post, other = await ada.post("waiting for the #ball"), await bob.post("also waiting for the #ball")
    for person, liked in product((ada, bob), (post, other)):
        await person.like(liked)
        await person.comment(liked)
    image_id = post["images"][0]["id"]
    ok(await ada.call("PATCH", f"/images/{image_id}", json={"alt_text": "a ball"}))
    ok(await ada.call("PATCH", "/me", json={"avatar_image_id": image_id, "bio": "Waits."}))
    ok(await ada.call("PUT", "/users/bob/mute"), 204)
    factor, _ = await add_totp(ada, container.clock())
    return {
        "post_id": post["id"],
        "image_id": image_id,
        "username": "ada",
        "tag": "ball",
        "version": "1",
        "factor_id": factor["id"],
        **await moderate(container, ada, bob, post, other),
    }


async def moderate(container: Container, ada: Visitor, bob: Visitor, post: Json, other: Json) -> dict[str, str]:
    """An open group of reports, a decision with an appeal, and a decision about Ada."""
    about = {"kind": "post", "rule": "a rule", "reason": "a reason", "effect": "mark_sensitive"}
    await container.accounts().set_role("bob", Role.MODERATOR)
    ok(await bob.call("POST", "/moderation/decisions", json={**about, "id": post["id"]}), 201)
    await container.accounts().set_role("bob", Role.USER)
    await container.accounts().set_role("ada", Role.ADMIN)
    made = ok(await ada.call("POST", "/moderation/decisions", json={**about, "id": other["id"]}), 201)
    ok(await bob.call("POST", f"/me/decisions/{made['id']}/appeal", json={"text": "why?"}), 201)
    ok(await bob.call("POST", "/reports", json={"kind": "post", "id": post["id"], "reason": "spam"}), 201)
    [group] = (await ada.read("/moderation/reports"))["items"]
    return {"group_id": group["id"], "decision_id": made["id"]}


@pytest.fixture
async def framework(container: Container) -> AsyncIterator[AsyncClient]:
    """A client of an application whose reads are answered by the framework."""
    app = create_app(container)
    layers: list[Any] = app.user_middleware
    app.user_middleware = [layer for layer in layers if layer.cls is not Reads]
    async with client_of_app(app) as client:
        yield client


@pytest.fixture
async def visitors(client: AsyncClient, ada: Visitor, names: dict[str, str]) -> list[Visitor]:
    ok(await ada.call("POST", "/invites", json={}), 201)
    ok(await ada.call("POST", "/terms", json={"text": "Be kind."}), 201)
    return [ada, Visitor(client), Visitor(client, headers={"Authorization": "Bearer unknown"})]


def complete(path: str, names: dict[str, str], query: str = "") -> str:
    """The path with its parameters and the query that it requires."""
    required = {"/v1/images/{image_id}/file": FILE_QUERY, "/v1/search": SEARCH_QUERY, "/v1/search/people": "q=a"}
    sent = "&".join(filter(None, (required.get(path), query)))
    return f"{path.format(**names)}?{sent}" if sent else path.format(**names)


def comparable(response: Response) -> tuple[int, dict[str, str], Any]:
    headers = {name: value for name, value in response.headers.items() if name != "x-request-id"}
    if not response.headers["content-type"].endswith("json"):
        return response.status_code, headers, response.content
    body = response.json()
    if body.get("next_cursor") and "rank" in response.text:  # each first page of a ranking is a snapshot
        headers["link"], body["next_cursor"] = f"{len(headers['link'])}", f"{len(body['next_cursor'])}"
    return response.status_code, headers, {**body, "request_id": None}


@pytest.mark.parametrize("path", [path for path in PATHS if path != STREAM])
async def test_framework_gives_same_answer(
    path: str, names: dict[str, str], visitors: list[Visitor], client: AsyncClient, framework: AsyncClient
) -> None:
    absent = dict.fromkeys(names, UNKNOWN_ID)
    invalid = dict.fromkeys(names, "no-id")
    paths = [complete(path, names, query) for query in QUERIES]
    paths += [path.format(**names), complete(path, absent), complete(path, invalid), path.format(**names) + "/"]
    statuses = set()
    for asked, visitor in product(paths, visitors):
        ours = await client.get(asked, headers=visitor.headers)
        theirs = await framework.get(asked, headers=visitor.headers)
        assert comparable(ours) == comparable(theirs), asked
        statuses.add(ours.status_code)
    assert statuses >= {200, 404} | (set() if path in IGNORE_TOKENS else {401})


@pytest.mark.parametrize("path", [path for path in PATHS if path != STREAM])
async def test_answer_follows_document(path: str, names: dict[str, str], visitors: list[Visitor]) -> None:
    app = visitors[0].client._transport.app  # type: ignore[attr-defined]
    operation = schemathesis.openapi.from_asgi("/openapi.json", app)[path]["GET"]
    case = operation.Case(path_parameters=names)
    for visitor in visitors[:2]:
        response = await visitor.client.get(complete(path, names), headers=visitor.headers)
        assert response.status_code in {200, 401}
        case.validate_response(response, checks=CHECKS)


async def test_list_of_posts_has_every_member(names: dict[str, str], visitors: list[Visitor]) -> None:
    own, public = await visitors[0].read("/users/ada/posts"), await visitors[1].read("/users/ada/posts")
    [post] = own["items"]
    schemas = DOCUMENT["components"]["schemas"]

    assert list(post) == list(schemas["Post"]["properties"])
    assert list(post["images"][0]) == list(schemas["Image"]["properties"])
    assert public["items"] == [{**post, "viewer": None}]


async def test_reads_are_measured_by_template(names: dict[str, str], visitors: list[Visitor]) -> None:
    for visitor in visitors[:2]:
        await visitor.read(f"/posts/{names['post_id']}")
    await visitors[1].client.head(f"/v1/posts/{names['post_id']}")
    measured = (await visitors[0].client.get("/metrics")).text
    assert 'tintype_requests_total{method="GET",route="/v1/posts/{post_id}",status="200"} 2.0' in measured
    assert 'tintype_requests_total{method="HEAD",route="/v1/posts/{post_id}",status="200"} 1.0' in measured


def test_response_with_field_as_default_is_refused() -> None:
    class Wrong(Out):
        member: int = Field(description="a number")

    with pytest.raises(TypeError, match="Wrong: a response describes its fields"):
        TypeAdapter(Wrong).json_schema()
