"""Users at different addresses."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from container import Container
from domain.rate_limits import Rule
from tests.entrypoints.rest.conftest import PASSWORD, sign_up
from tests.entrypoints.web.page_client import PageClient
from tests.sample_images import a_jpeg

OWN_ADDRESS, OTHER_ADDRESS = "203.0.113.7", "198.51.100.9"


def client_at(app: FastAPI, address: str = OWN_ADDRESS) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app, client=(address, 40_000)), base_url="http://tintype.test")


def page_client_at(app: FastAPI, address: str = OWN_ADDRESS) -> PageClient:
    reader = PageClient(app)
    reader.client = AsyncClient(
        transport=ASGITransport(app, client=(address, 40_000)),
        base_url="http://tintype.test",
        headers={"Accept": "text/html"},
    )
    return reader


@asynccontextmanager
async def new_client(app: FastAPI, name: str, address: str = OWN_ADDRESS) -> AsyncIterator[AsyncClient]:
    """A client of a new user, signed in."""
    async with client_at(app, address) as client:
        client.headers.update(await sign_up(client, name))
        yield client


async def sign_in(client: AsyncClient, name: str, password: str = PASSWORD) -> Response:
    return await client.post("/v1/tokens", data={"username": name, "password": password})


async def upload(client: AsyncClient, seed: int = 0) -> str:
    """The id of a new image."""
    answer = await client.post("/v1/images", files={"file": ("a.jpg", a_jpeg(seed=seed))})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def post(client: AsyncClient) -> str:
    """The id of a new post."""
    answer = await client.post("/v1/posts", json={"image_ids": [await upload(client)], "text": "a dog"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def repeat_until_refused(ask: Callable[[], Awaitable[Response]], at_most: int = 130) -> tuple[int, Response]:
    """The number of requests before the first 429, and the refused response."""
    for number in range(at_most):
        answer = await ask()
        if answer.status_code == 429:
            return number, answer
        assert answer.status_code < 500, answer.text
    raise AssertionError(f"{at_most} requests were all let through, the last with {answer.status_code}")


def max_uses(rule: Rule) -> int:
    """The number of uses that a rule admits at once."""
    return min(rate.limit for rate in rule.rates)


async def spend(container: Container, rule: Rule, name: str, leave: int = 2) -> int:
    """Use up a rule of an account except for a few uses, and return their number. Sending requests would be slow."""
    who = (await container.accounts().profile(name)).user.id
    for _ in range(max_uses(rule) - leave):
        await container.rate_limiting().count(rule, who)
    return min(max_uses(rule), leave)
