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
from tests.entrypoints.rest.factors import add_codes, add_totp, begin, confirm
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


async def test_changes_of_second_factors_are_announced(service: Service) -> None:
    ada = Visitor(service.client, "ada", await service.add_user("ada"))
    service.clock.advance(timedelta(days=1))

    factor, _ = await add_totp(ada, service.clock)
    await add_codes(ada)
    ok(await ada.call("DELETE", f"/me/second-factors/{factor['id']}"), 204)
    sent = [(message.kind, message.recipient, message.detail, message.at) for message in await service.deliver()]

    now = service.clock.now()
    assert sent == [
        (EmailKind.FACTOR_ADDED, ADA, "totp", now),
        (EmailKind.FACTOR_ADDED, ADA, "recovery_codes", now),
        (EmailKind.FACTOR_REMOVED, ADA, "totp", now),
    ]


async def test_reset_of_second_factors_is_announced(service: Service) -> None:
    ada = Visitor(service.client, "ada", await service.add_user("ada"))
    user_id = (await service.container.accounts().profile("ada")).user.id
    assert await service.container.factor_enrolment().reset(user_id) == 0
    assert await service.deliver() == []
    ada = await ada.sign_in_again()
    await add_totp(ada, service.clock)
    await service.deliver()

    assert await service.container.factor_enrolment().reset(user_id) == 1

    (message,) = await service.deliver()
    assert (message.kind, message.recipient, message.detail) == (EmailKind.FACTOR_REMOVED, ADA, "all")


async def test_refused_change_of_second_factors_is_not_announced(service: Service) -> None:
    ada = Visitor(service.client, "ada", await service.add_user("ada"))
    await confirm(ada)
    body = {"kind": "totp", "challenge": (await begin(ada, "totp"))["challenge"], "code": "000000", "name": "Phone"}

    expect_problem(await ada.call("POST", "/me/second-factors", json=body), 401, "wrong_second_factor")

    assert await service.deliver() == []
