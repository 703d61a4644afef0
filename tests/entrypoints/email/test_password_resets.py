"""Passwords are reset by a link that works once."""

from asyncio import gather
from datetime import timedelta

import pytest

from domain.emails import EmailKind
from tests.entrypoints.email.conftest import NEW_PASSWORD, Service
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import expect_invalid, expect_problem

ADA = "ada@example.org"


async def reset_path(service: Service) -> str:
    assert (await service.request_reset(ADA)).status_code == 202
    return await service.receive(ADA, EmailKind.PASSWORD_RESET)


async def test_link_sets_password_and_ends_all_sessions(service: Service) -> None:
    headers = await service.add_user("ada")
    path = await reset_path(service)

    answer = await service.reset(path)

    assert (answer.status_code, answer.content) == (204, b"")
    assert (await service.client.get("/v1/me", headers=headers)).status_code == 401
    assert await service.sign_in("ada") is None
    assert await service.sign_in(ADA, NEW_PASSWORD) is not None
    assert [message.kind for message in await service.deliver()] == [EmailKind.PASSWORD_CHANGED]


async def test_answers_are_equal_for_known_and_unknown_addresses(service: Service) -> None:
    await service.add_user("ada")

    known, unknown = [await service.request_reset(address) for address in ("Ada@Example.org", "nobody@example.org")]

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, b"")
    assert set(known.headers) == set(unknown.headers)
    assert [message.recipient for message in await service.deliver()] == [ADA]
    assert [email.recipient for email in await service.container.mailing().recent(1)] == [ADA]


async def test_used_link_is_refused(service: Service) -> None:
    await service.add_user("ada")
    first, second = await reset_path(service), await reset_path(service)
    assert (await service.reset(second)).status_code == 204

    for path in (first, second):
        problem = expect_problem(await service.reset(path, "a third horse battery"), 404, "not_found")
        assert "one hour" in problem["detail"]

    assert await service.sign_in("ada", NEW_PASSWORD) is not None


async def test_concurrent_uses_have_one_effect(service: Service) -> None:
    await service.add_user("ada")
    path = await reset_path(service)
    passwords = [f"{number} horse batteries" for number in range(4)]

    answers = await gather(*(service.reset(path, password) for password in passwords))

    assert sorted(answer.status_code for answer in answers) == [204, 404, 404, 404]
    (used,) = [password for password, answer in zip(passwords, answers, strict=True) if answer.status_code == 204]
    assert await service.sign_in("ada", used) is not None
    assert [message.kind for message in await service.deliver()] == [EmailKind.PASSWORD_CHANGED]


async def test_link_expires_after_an_hour(service: Service) -> None:
    await service.add_user("ada")
    path = await reset_path(service)

    service.clock.advance(timedelta(hours=1))
    expect_problem(await service.reset(path), 404, "not_found")
    service.clock.advance(timedelta(seconds=-1))

    assert (await service.reset(path)).status_code == 204


async def test_link_of_other_account_is_refused(service: Service) -> None:
    ada, bob = await service.add_user("ada"), await service.add_user("bob")
    path = await reset_path(service)

    expect_problem(await service.reset(path, **bob), 404, "not_found")

    assert await service.sign_in("ada") is not None
    assert (await service.reset(path, **ada)).status_code == 204


@pytest.mark.parametrize("token", ["x", "%00", "é", "a" * 3000, "email"])
async def test_unknown_link_is_refused(service: Service, token: str) -> None:
    answer = await service.client.put(f"/v1/password-resets/{token}", json={"password": NEW_PASSWORD})

    assert answer.status_code == (400 if token == "%00" else 404)


async def test_truncated_link_is_refused(service: Service) -> None:
    await service.add_user("ada")
    path = await reset_path(service)

    for changed in (path[:-1], f"{path}x", path.swapcase()):
        expect_problem(await service.reset(changed), 404, "not_found")
    assert (await service.reset(path)).status_code == 204


async def test_link_for_other_purpose_is_refused(service: Service) -> None:
    await service.sign_up("ada")
    proof = await service.receive(ADA, EmailKind.PROOF)

    expect_problem(await service.reset(proof.replace("email-proofs", "password-resets")), 404, "not_found")


async def test_invalid_password_keeps_link(service: Service) -> None:
    await service.add_user("ada")
    path = await reset_path(service)

    assert expect_invalid(await service.reset(path, "short")) == {"password": "too_short"}

    assert await service.sign_in("ada") is not None
    assert (await service.reset(path)).status_code == 204


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@example", "a\r\nBcc: eve@example.org", "<ada@example.org>", "x" * 300]
)
async def test_invalid_address_is_refused(service: Service, email: str) -> None:
    assert set(expect_invalid(await service.request_reset(email))) == {"email"}

    assert await service.deliver() == []


async def test_changed_password_invalidates_link(service: Service) -> None:
    headers = await service.add_user("ada")
    path = await reset_path(service)
    body = {"current": PASSWORD, "new": NEW_PASSWORD}
    assert (await service.client.put("/v1/me/password", json=body, headers=headers)).status_code == 204

    expect_problem(await service.reset(path, "a third horse battery"), 404, "not_found")

    assert [message.kind for message in await service.deliver()] == [EmailKind.PASSWORD_CHANGED]


async def test_reset_of_deleted_account_has_no_effect(service: Service) -> None:
    headers = await service.add_user("ada")
    path = await reset_path(service)
    assert (await service.request_reset(ADA)).status_code == 202
    assert (await service.client.delete("/v1/me", headers=headers)).status_code == 204

    expect_problem(await service.reset(path), 404, "not_found")

    assert await service.deliver() == []
