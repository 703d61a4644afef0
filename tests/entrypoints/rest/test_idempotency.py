"""A POST with an `Idempotency-Key` takes effect once, whatever the network does."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient, Response

from container import Container
from domain.errors import DomainError, TooMany, Unavailable
from domain.idempotency import CLAIM_LEASE, RETENTION
from domain.ids import UserId
from domain.services.uploading import Uploading
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import client_of, sign_up
from tests.entrypoints.rest.test_errors import expect_problem
from tests.sample_images import a_jpeg

IMAGE = a_jpeg()
ADA = {"username": "ada", "email": "ada@example.com", "password": "correct horse battery"}


def with_key(headers: dict[str, str], key: str = "k1") -> dict[str, str]:
    return {**headers, "Idempotency-Key": key}


async def upload(client: AsyncClient, headers: dict[str, str], data: bytes = IMAGE, **form: Any) -> Response:
    return await client.post("/v1/images", headers=headers, files={"file": ("a.jpg", data)}, **form)


async def count_uploads(client: AsyncClient, headers: dict[str, str]) -> int:
    return len((await client.get("/v1/me/images", headers=headers)).json()["items"])


@pytest.fixture
async def headers(client: AsyncClient) -> dict[str, str]:
    return await sign_up(client, "ada")


async def test_repeated_request_gets_first_response(client: AsyncClient, headers: dict[str, str]) -> None:
    first = await upload(client, with_key(headers))
    again = await upload(client, with_key(headers))

    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert await count_uploads(client, headers) == 1


async def test_requests_without_key_are_independent(client: AsyncClient, headers: dict[str, str]) -> None:
    await upload(client, headers)
    await upload(client, headers)

    assert await count_uploads(client, headers) == 2


async def test_other_key_is_other_request(client: AsyncClient, headers: dict[str, str]) -> None:
    await upload(client, with_key(headers, "k1"))
    await upload(client, with_key(headers, "k2"))

    assert await count_uploads(client, headers) == 2


async def new_comments_path(client: AsyncClient, headers: dict[str, str]) -> str:
    """The path of a new post's comments."""
    image = (await upload(client, headers)).json()
    post = (await client.post("/v1/posts", json={"image_ids": [image["id"]]}, headers=headers)).json()
    return f"/v1/posts/{post['id']}/comments"


async def test_order_of_json_keys_does_not_matter(client: AsyncClient, headers: dict[str, str]) -> None:
    image = (await upload(client, headers)).json()
    body = {"image_ids": [image["id"]], "text": "mine"}
    first = await client.post("/v1/posts", json=body, headers=with_key(headers))
    again = await client.post("/v1/posts", json=dict(reversed(body.items())), headers=with_key(headers))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"


async def test_other_body_is_refused(client: AsyncClient, headers: dict[str, str]) -> None:
    comments = await new_comments_path(client, headers)
    await client.post(comments, json={"text": "one"}, headers=with_key(headers))

    other = await client.post(comments, json={"text": "other"}, headers=with_key(headers))

    expect_problem(other, 422, "idempotency_key_reused")


async def test_key_without_session_is_ignored(client: AsyncClient) -> None:
    """Anonymous clients share no scope, in which one could read or claim another's response."""
    first = await client.post("/v1/users", json=ADA, headers=with_key({}))
    eve = ADA | {"username": "eve", "email": "eve@example.com"}
    other = await client.post("/v1/users", json=eve, headers=with_key({}))
    again = await client.post("/v1/users", json=ADA, headers=with_key({}))

    assert (first.status_code, other.status_code, again.status_code) == (201, 201, 409)
    assert "idempotent-replayed" not in again.headers


async def test_other_file_is_refused(client: AsyncClient, headers: dict[str, str]) -> None:
    await upload(client, with_key(headers))

    expect_problem(await upload(client, with_key(headers), a_jpeg(seed=2)), 422, "idempotency_key_reused")


async def test_keys_are_per_user(client: AsyncClient, headers: dict[str, str]) -> None:
    ben = await sign_up(client, "ben")

    first = await upload(client, with_key(headers))
    his = await upload(client, with_key(ben))

    assert first.json()["id"] != his.json()["id"]
    assert "idempotent-replayed" not in his.headers


async def test_keys_are_per_path(client: AsyncClient, headers: dict[str, str]) -> None:
    image = (await upload(client, with_key(headers))).json()

    answer = await client.post("/v1/posts", json={"image_ids": [image["id"]]}, headers=with_key(headers))

    assert answer.status_code == 201
    assert "idempotent-replayed" not in answer.headers


async def test_refusals_are_stored(client: AsyncClient, headers: dict[str, str]) -> None:
    body = {"image_ids": ["0198c0de-0000-7000-8000-000000000000"]}
    first = await client.post("/v1/posts", json=body, headers=with_key(headers))
    again = await client.post("/v1/posts", json=body, headers=with_key(headers))

    assert (first.status_code, again.status_code) == (404, 404)
    assert again.headers["content-type"] == "application/problem+json"
    assert again.headers["idempotent-replayed"] == "true"


async def test_sign_in_is_not_repeated(client: AsyncClient, headers: dict[str, str]) -> None:
    form = {"username": "ada", "password": ADA["password"]}

    first = await client.post("/v1/tokens", data=form, headers=with_key({}))
    again = await client.post("/v1/tokens", data=form, headers=with_key({}))

    assert first.json()["access_token"] != again.json()["access_token"]


async def test_unauthenticated_response_is_not_stored(client: AsyncClient, headers: dict[str, str]) -> None:
    expect_problem(await upload(client, with_key({})), 401, "not_signed_in")
    expect_problem(await upload(client, with_key({})), 401, "not_signed_in")

    assert (await upload(client, with_key(headers))).status_code == 201


@pytest.mark.parametrize("key", ["", "k" * 256, "a\tb", "schlüssel", "\x7f"])
async def test_invalid_key_is_refused(client: AsyncClient, headers: dict[str, str], key: str) -> None:
    sent = [*((name.encode(), value.encode()) for name, value in headers.items()), (b"Idempotency-Key", key.encode())]

    answer = await client.post("/v1/images", headers=sent)

    [error] = expect_problem(answer, 422, "invalid")["errors"]
    assert (error["field"], error["limit"]) == ("Idempotency-Key", 255)


async def test_two_keys_are_refused(client: AsyncClient, headers: dict[str, str]) -> None:
    twice = [*headers.items(), ("Idempotency-Key", "one"), ("Idempotency-Key", "two")]
    answer = await client.post("/v1/posts", json={}, headers=twice)
    [error] = expect_problem(answer, 422, "invalid")["errors"]
    assert (error["field"], error["code"]) == ("Idempotency-Key", "repeated")


async def test_longest_key_is_accepted(client: AsyncClient, headers: dict[str, str]) -> None:
    assert (await upload(client, with_key(headers, "k" * 255))).status_code == 201


class HeldUploading(Uploading):
    """Uploads that a test delays and can make fail."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.entered, self.released = asyncio.Event(), asyncio.Event()
        self.done = 0

    async def upload(self, owner_id: UserId, data: bytes, **options: Any) -> Any:
        self.entered.set()
        await self.released.wait()
        self.done += 1
        raise self.failures.pop(0)


def make_container(uploads: HeldUploading, clock: StoppedClock | None = None) -> Container:
    return memory_container(uploading=uploads, clock=clock or StoppedClock())


async def test_internal_error_is_not_stored() -> None:
    uploads = HeldUploading(RuntimeError("first"), RuntimeError("second"))
    uploads.released.set()
    async with client_of(make_container(uploads)) as client:
        headers = with_key(await sign_up(client, "ada"))
        answers = [await upload(client, headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert uploads.done == 2


@pytest.mark.parametrize("passing", [Unavailable("the disk is full"), TooMany("too often", retry_after=3)])
async def test_temporary_refusal_is_not_stored(passing: DomainError) -> None:
    uploads = HeldUploading(passing, RuntimeError("tried again"))
    uploads.released.set()
    async with client_of(make_container(uploads)) as client:
        headers = with_key(await sign_up(client, "ada"))
        first, again = [await upload(client, headers) for _ in range(2)]

    assert first.headers["retry-after"] in {"1", "3"}
    assert (first.status_code, again.status_code) in {(503, 500), (429, 500)}
    assert uploads.done == 2


async def test_concurrent_second_request_is_refused() -> None:
    uploads = HeldUploading(RuntimeError("late"))
    async with client_of(make_container(uploads)) as client:
        headers = with_key(await sign_up(client, "ada"))
        first = asyncio.create_task(upload(client, headers))
        await uploads.entered.wait()
        second = await upload(client, headers)
        uploads.released.set()
        await first

    expect_problem(second, 409, "request_in_progress")
    assert uploads.done == 1


async def test_disconnect_releases_key() -> None:
    uploads = HeldUploading(RuntimeError("reached"))
    async with client_of(make_container(uploads)) as client:
        headers = with_key(await sign_up(client, "ada"))
        first = asyncio.create_task(upload(client, headers))
        await uploads.entered.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        uploads.released.set()
        second = await upload(client, headers)

    assert second.status_code == 500
    assert uploads.done == 1


async def test_abandoned_claim_expires() -> None:
    uploads, clock = HeldUploading(RuntimeError("a"), RuntimeError("b")), StoppedClock()
    async with client_of(make_container(uploads, clock)) as client:
        headers = with_key(await sign_up(client, "ada"))
        first = asyncio.create_task(upload(client, headers))
        await uploads.entered.wait()
        clock.advance(CLAIM_LEASE + timedelta(seconds=1))
        uploads.released.set()
        second = await upload(client, headers)
        await first

    assert second.status_code == 500
    assert uploads.done == 2


async def test_key_expires_after_a_day() -> None:
    clock = StoppedClock()
    async with client_of(memory_container(clock=clock)) as client:
        headers = await sign_up(client, "ada")
        first = await upload(client, with_key(headers))
        clock.advance(RETENTION - timedelta(seconds=1))
        kept = await upload(client, with_key(headers))
        clock.advance(timedelta(seconds=1))
        new = await upload(client, with_key(headers))

    assert kept.json()["id"] == first.json()["id"] != new.json()["id"]
