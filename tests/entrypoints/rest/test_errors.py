"""Every error is a problem (RFC 9457) with a stable code, the limit and the remedy."""

import json
import logging
from typing import Any

import pytest
from httpx import AsyncClient, Response

from domain.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, TooLarge, TooMany, Unavailable
from domain.ids import UserId
from domain.services.browsing import Browsing
from domain.tokens import TokenExpired
from entrypoints.http.errors import problem
from entrypoints.http.problems import Problem
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import client_of, sign_up

JSON = {"Content-Type": "application/json"}


def expect_problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The problem, after checks of its common form."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    found: dict[str, Any] = answer.json()
    Problem.model_validate(found)
    assert (found["status"], found["code"], found["type"]) == (status, code, "about:blank")
    assert found["request_id"] == answer.headers["x-request-id"]
    assert found["title"]
    assert found["detail"]
    return found


async def test_unknown_path_is_problem(client: AsyncClient) -> None:
    found = expect_problem(await client.get("/v1/nothing"), 404, "not_found")

    assert "/v1/nothing" in found["detail"]


async def test_trailing_slash_is_not_redirected(client: AsyncClient) -> None:
    expect_problem(await client.get("/v1/posts/"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/posts", "GET, HEAD, POST"),
        ("BREW", "/v1/posts", "GET, HEAD, POST"),
        ("POST", "/v1/me", "GET, HEAD, PATCH, DELETE"),
        ("GET", "/v1/tokens", "POST"),
        ("POST", "/healthz", "GET, HEAD"),
    ],
)
async def test_wrong_method_lists_allowed_methods(client: AsyncClient, method: str, path: str, allowed: str) -> None:
    answer = await client.request(method, path)

    expect_problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed


async def test_head_is_get_without_body(client: AsyncClient) -> None:
    whole, head = await client.get("/v1/posts"), await client.head("/v1/posts")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"] == str(len(whole.content))


async def test_head_is_refused_like_get(client: AsyncClient) -> None:
    answer = await client.head("/v1/tokens")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "POST", b"")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound("gone"), 404),
        (Forbidden("theirs"), 403),
        (Invalid("no"), 422),
        (TokenExpired("late"), 401),
    ],
)
async def test_error_classes_have_one_status(error: DomainError, status: int) -> None:
    assert problem(error)["status"] == status


async def test_subclass_has_status_of_nearest_class() -> None:
    class Huge(TooLarge):
        code = "huge"

    class Standing(Conflict):
        code = "standing"

    assert (problem(Huge("too much", limit=1, actual=2))["status"], problem(Standing("so"))["status"]) == (413, 409)


async def test_problem_contains_facts() -> None:
    found = problem(NotFound("there is no such image", field="image_ids"), "r1")

    assert found == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "there is no such image",
        "code": "not_found",
        "request_id": "r1",
        "field": "image_ids",
    }


class FailingBrowsing(Browsing):
    """A service that raises an error chosen by the test."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def newest(self, viewer: UserId | None, page: object) -> Any:
        raise self._error


async def list_newest_with_error(error: Exception, **config: object) -> Response:
    container = memory_container(browsing=FailingBrowsing(error), config=config)
    async with client_of(container) as client:
        return await client.get("/v1/posts", headers={"Origin": "https://app.example", "X-Request-ID": "mine-1"})


@pytest.mark.parametrize(("seconds", "whole"), [(0.0, "1"), (1.2, "2"), (30.0, "30")])
async def test_retry_after_is_in_whole_seconds(seconds: float, whole: str) -> None:
    busy = await list_newest_with_error(Unavailable("no room", retry_after=seconds))
    often = await list_newest_with_error(TooMany("too often", retry_after=seconds))

    expect_problem(busy, 503, "busy")
    expect_problem(often, 429, "too_many_requests")
    assert busy.headers["retry-after"] == often.headers["retry-after"] == whole


async def test_internal_error_reveals_nothing() -> None:
    answer = await list_newest_with_error(RuntimeError("password=hunter2"))

    found = expect_problem(answer, 500, "internal_error")
    assert "hunter2" not in answer.text
    assert "RuntimeError" not in answer.text
    assert found["request_id"] == "mine-1"
    assert "mine-1" in found["detail"]


async def test_internal_error_is_logged_with_request(caplog: pytest.LogCaptureFixture) -> None:
    await list_newest_with_error(RuntimeError("the cause"))

    [record] = [record for record in caplog.records if record.name == "tintype.rest"]
    assert "mine-1" in record.getMessage()
    assert "the cause" in caplog.text


async def test_internal_error_has_cors_headers() -> None:
    answer = await list_newest_with_error(RuntimeError("x"), origins=["https://app.example"])

    expect_problem(answer, 500, "internal_error")
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_unmapped_domain_error_is_internal_error(caplog: pytest.LogCaptureFixture) -> None:
    class Unplaced(DomainError):
        code = "unplaced"

    with caplog.at_level(logging.ERROR, "tintype.rest"):
        answer = await list_newest_with_error(Unplaced("what is this"))

    assert "what is this" not in expect_problem(answer, 500, "internal_error")["detail"]
    assert "what is this" in caplog.text


async def test_operator_detail_is_logged_and_not_sent(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "tintype.rest"):
        answer = await list_newest_with_error(Unavailable("no room", operator_detail="/srv/pictures is full"))

    assert expect_problem(answer, 503, "busy")["detail"] == "no room"
    assert "/srv" not in answer.text
    assert "no room: /srv/pictures is full" in caplog.text


async def test_field_errors_state_rule_limit_and_value(client: AsyncClient) -> None:
    person = {"username": "ab", "email": "ada@example.com", "password": "short", "age": 7}

    answer = await client.post("/v1/users", json=person)

    found = expect_problem(answer, 422, "invalid")
    assert all({"field", "code", "detail", "limit", "actual"} == error.keys() for error in found["errors"])
    assert {"field": "age", "code": "unknown_field"}.items() <= found["errors"][0].items()
    assert "age" in found["detail"]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "image_ids", "missing"),
        ({"image_ids": "x"}, "image_ids", "wrong_type"),
        ({"image_ids": [5]}, "image_ids.0", "wrong_type"),
        ({"image_ids": [], "colour": "red"}, "colour", "unknown_field"),
        ({"image_ids": [], "visibility": "nobody"}, "visibility", "not_allowed"),
        ([], "body", "wrong_type"),
        (None, "body", "wrong_type"),
    ],
)
async def test_body_errors_state_rule(client: AsyncClient, body: object, field: str, code: str) -> None:
    headers = await sign_up(client, "ada")

    answer = await client.post("/v1/posts", content=json.dumps(body), headers=headers | JSON)

    errors = expect_problem(answer, 422, "invalid")["errors"]
    assert (field, code) in [(error["field"], error["code"]) for error in errors]


async def test_number_of_reported_errors_is_limited(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")

    answer = await client.post("/v1/posts", json={f"unknown{i}": i for i in range(30_000)}, headers=headers)

    assert len(expect_problem(answer, 422, "invalid")["errors"]) == 20
    assert len(answer.content) < 20_000
