"""Notices of events, and the requirement of a verified address."""

from datetime import timedelta

from domain.emails import EmailKind
from domain.users import SignUp
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.email.conftest import Service, make_container
from tests.entrypoints.limits.visitors import client_at
from tests.entrypoints.rest.conftest import PASSWORD, client_of, sign_up
from tests.entrypoints.rest.visitors import Visitor, expect_problem, ok

ADA = "ada@example.org"


async def test_sign_in_from_unknown_device_is_announced(service: Service) -> None:
    await service.add_user("ada")
    service.clock.advance(timedelta(days=1))

    assert await service.sign_in("ada") is not None
    assert await service.deliver() == []

    async with client_at(create_app(service.container), "198.51.100.9") as stranger:
        for _ in range(2):
            ok(await stranger.post("/v1/tokens", data={"username": "ada", "password": PASSWORD}))
    (message,) = await service.deliver()
    assert (message.kind, message.recipient, message.detail) == (EmailKind.SIGN_IN, ADA, "198.51.100.9")
    assert message.at == service.clock.now()


async def test_failed_sign_in_is_not_announced(service: Service) -> None:
    await service.add_user("ada")
    service.clock.advance(timedelta(days=1))

    async with client_at(create_app(service.container), "198.51.100.9") as stranger:
        answer = await stranger.post("/v1/tokens", data={"username": "ada", "password": "wrong horse battery"})

    assert answer.status_code == 401
    assert await service.deliver() == []


async def test_claimed_address_gets_no_notices(service: Service) -> None:
    """The address may be a stranger's."""
    ok(await service.sign_up("ada"), 201)
    await service.deliver()
    service.clock.advance(timedelta(days=1))

    async with client_at(create_app(service.container), "198.51.100.9") as stranger:
        ok(await stranger.post("/v1/tokens", data={"username": "ada", "password": PASSWORD}))
    await service.container.accounts().set_password("ada", "another horse battery")

    assert await service.deliver() == []


async def test_operator_sets_password_and_address(service: Service) -> None:
    await service.add_user("ada")
    await service.container.accounts().set_password("ada", "another horse battery")
    await service.container.accounts().set_email("ada", "New@example.org")

    sent = [(message.kind, message.recipient, message.detail) for message in await service.deliver()]

    assert sent == [(EmailKind.PASSWORD_CHANGED, ADA, ""), (EmailKind.ADDRESS_CHANGED, ADA, "new@example.org")]
    headers = await service.sign_in("new@example.org", "another horse battery")
    assert headers is not None
    assert (await service.me(headers))["email_verified"] is False


async def test_posting_requires_verified_address_if_set(either_store: str | None, service: Service) -> None:
    container = make_container(either_store, StoppedClock(), requires_verified_email=True)
    async with client_of(container) as client:
        ada = Visitor(client, "ada", await sign_up(client, "ada"))
        image = await ada.upload()
        body = {"image_ids": [image["id"]]}
        refusal = await ada.call("POST", "/posts", json=body)
        assert "POST /v1/email-proofs" in expect_problem(refusal, 403, "email_unverified")["detail"]

        verified = Service(container, StoppedClock(), client)
        path = await verified.receive("ada@example.com", EmailKind.PROOF)
        ok(await client.put(f"/v1{path}"), 204)

        ok(await ada.call("POST", "/posts", json=body), 201)
    if either_store:
        await container.database().close()


async def test_without_delivery_taken_address_is_refused() -> None:
    container = memory_container(config={"mail": "log"})
    await container.accounts().sign_up(SignUp("ada", ADA, PASSWORD))
    async with client_of(container) as client:
        person = {"username": "bob", "email": ADA, "password": PASSWORD}
        expect_problem(await client.post("/v1/users", json=person), 409, "email_taken")
