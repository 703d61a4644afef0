"""A service that delivers mail, in memory and on PostgreSQL, with a stopped clock."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from httpx import AsyncClient, Response

from adapters.memory.mailer import MemoryMailer
from container import Container
from domain.emails import EmailKind
from domain.mailer import Message
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD, client_of

NEW_PASSWORD = "another horse battery"


@dataclass
class Service:
    """The API, its worker and the mailboxes of its users."""

    container: Container
    clock: StoppedClock
    client: AsyncClient

    async def deliver(self) -> list[Message]:
        """Run the worker, and return what it has sent meanwhile."""
        mailer = self.container.mailer()
        assert isinstance(mailer, MemoryMailer)
        mailer.sent.clear()
        await self.container.storage().queue.drain(self.container.job_handler().handle)
        return list(mailer.sent)

    async def receive(self, address: str, kind: EmailKind) -> str:
        """Return the path of the link in the only message to this address."""
        (message,) = [message for message in await self.deliver() if message.recipient == address]
        assert message.kind is kind
        assert message.link is not None
        return urlsplit(message.link).path

    async def sign_up(self, name: str, email: str | None = None) -> Response:
        person = {"username": name, "email": email or f"{name}@example.org", "password": PASSWORD}
        return await self.client.post("/v1/users", json=person)

    async def sign_in(self, login: str, password: str = PASSWORD) -> dict[str, str] | None:
        """Return the headers of the user's requests; None if the credentials are wrong."""
        answer = await self.client.post("/v1/tokens", data={"username": login, "password": password})
        return {"Authorization": f"Bearer {answer.json()['access_token']}"} if answer.status_code == 200 else None

    async def add_user(self, name: str, email: str | None = None) -> dict[str, str]:
        """Sign up, verify the address, and sign in. Return the headers of the user's requests."""
        address = email or f"{name}@example.org"
        assert (await self.sign_up(name, address)).status_code == 201
        path = await self.receive(address, EmailKind.PROOF)
        assert (await self.client.put(f"/v1{path}")).status_code == 204
        headers = await self.sign_in(name)
        assert headers is not None
        return headers

    async def request_reset(self, email: str) -> Response:
        return await self.client.post("/v1/password-resets", json={"email": email})

    async def reset(self, path: str, password: str = NEW_PASSWORD, **headers: str) -> Response:
        return await self.client.put(f"/v1{path}", json={"password": password}, headers=headers)

    async def change_email(self, headers: dict[str, str], email: str, current: str = PASSWORD) -> Response:
        body = {"email": email, "current": current}
        return await self.client.put("/v1/me/email", json=body, headers=headers)

    async def me(self, headers: dict[str, str]) -> dict[str, object]:
        answer = await self.client.get("/v1/me", headers=headers)
        assert answer.status_code == 200, answer.text
        return {name: answer.json()[name] for name in ("email", "email_verified", "pending_email")}


def make_container(url: str | None, clock: StoppedClock, **config: object) -> Container:
    given = {"mail": "memory", **config}
    return postgres_container(url, config=given, clock=clock) if url else memory_container(config=given, clock=clock)


@pytest.fixture
async def service(either_store: str | None) -> AsyncIterator[Service]:
    if either_store:
        await empty_database(either_store)
    clock = StoppedClock()
    container = make_container(either_store, clock)
    async with client_of(container) as client:
        yield Service(container, clock, client)
    if either_store:
        await container.database().close()
