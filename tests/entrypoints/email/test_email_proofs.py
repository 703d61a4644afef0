"""E-mail addresses are verified and changed by links."""

from datetime import timedelta

from domain.emails import EmailKind
from domain.users import SignUp
from tests.entrypoints.email.conftest import NEW_PASSWORD, Service
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import expect_invalid, expect_problem, ok

ADA, NEW = "ada@example.org", "new@example.org"


async def test_link_verifies_address(service: Service) -> None:
    ok(await service.sign_up("ada"), 201)
    headers = await service.sign_in("ada")
    assert headers is not None
    assert await service.me(headers) == {"email": ADA, "email_verified": False, "pending_email": None}
    assert await service.sign_in(ADA) is None

    path = await service.receive(ADA, EmailKind.PROOF)
    ok(await service.client.put(f"/v1{path}"), 204)

    assert await service.me(headers) == {"email": ADA, "email_verified": True, "pending_email": None}
    assert await service.sign_in(ADA) is not None
    expect_problem(await service.client.put(f"/v1{path}"), 404, "not_found")


async def test_sign_up_does_not_reveal_registered_address(service: Service) -> None:
    await service.add_user("ada")

    new, taken = [await service.sign_up(name, email) for name, email in (("bob", "bob@example.org"), ("eve", ADA))]

    body = [{**ok(answer, 201), "id": "", "created_at": ""} for answer in (new, taken)]
    assert body[1] == {**body[0], "username": "eve", "display_name": "eve"}
    for name, email in (("bob", "bob@example.org"), ("eve", ADA)):
        headers = await service.sign_in(name)
        assert headers is not None
        assert await service.me(headers) == {"email": email, "email_verified": False, "pending_email": None}
        ok(await service.client.post("/v1/email-proofs", headers=headers), 202)
    messages = await service.deliver()
    told = [message for message in messages if message.recipient == ADA]
    assert {(message.kind, message.username, message.link) for message in told} == {
        (EmailKind.ADDRESS_IN_USE, "ada", None)
    }
    assert await service.sign_in(ADA) is not None


async def test_first_of_two_claims_gets_address(service: Service) -> None:
    ok(await service.sign_up("ada", NEW), 201)
    first = await service.receive(NEW, EmailKind.PROOF)
    ok(await service.sign_up("bob", NEW), 201)
    second = await service.receive(NEW, EmailKind.PROOF)

    ok(await service.client.put(f"/v1{second}"), 204)
    expect_problem(await service.client.put(f"/v1{first}"), 409, "email_taken")

    headers = await service.sign_in("ada")
    assert headers is not None
    assert (await service.me(headers))["email_verified"] is False
    assert (await service.client.get("/v1/me", headers=await service.sign_in(NEW) or {})).json()["username"] == "bob"


async def test_change_takes_effect_when_both_addresses_confirm(service: Service) -> None:
    headers = await service.add_user("ada")

    ok(await service.change_email(headers, "NEW@example.org"), 202)

    assert await service.me(headers) == {"email": ADA, "email_verified": True, "pending_email": NEW}
    messages = {message.recipient: message for message in await service.deliver()}
    assert (messages[ADA].kind, messages[ADA].detail) == (EmailKind.APPROVAL, NEW)
    assert messages[NEW].kind is EmailKind.PROOF
    for address, present in ((NEW, ADA), (ADA, NEW)):
        path = (messages[address].link or "").partition("8000")[2]
        ok(await service.client.put(f"/v1{path}", headers=headers), 204)
        assert (await service.me(headers))["email"] == present
    assert await service.me(headers) == {"email": NEW, "email_verified": True, "pending_email": None}
    assert [(one.kind, one.recipient) for one in await service.deliver()] == [(EmailKind.ADDRESS_CHANGED, ADA)]
    assert await service.sign_in(ADA) is None
    assert await service.sign_in(NEW) is not None


async def test_unverified_address_need_not_approve(service: Service) -> None:
    ok(await service.sign_up("ada", "tpyo@example.org"), 201)
    headers = await service.sign_in("ada")
    assert headers is not None
    ok(await service.change_email(headers, ADA), 202)

    path = await service.receive(ADA, EmailKind.PROOF)
    ok(await service.client.put(f"/v1{path}"), 204)

    assert await service.me(headers) == {"email": ADA, "email_verified": True, "pending_email": None}
    assert await service.deliver() == []


async def test_change_to_registered_address_reveals_nothing(service: Service) -> None:
    headers = await service.add_user("ada")
    await service.add_user("bob")

    taken, free = [await service.change_email(headers, email) for email in ("bob@example.org", NEW)]

    assert (taken.status_code, taken.content) == (free.status_code, free.content) == (202, b"")
    kinds = {message.recipient: message.kind for message in await service.deliver()}
    assert kinds == {ADA: EmailKind.APPROVAL, NEW: EmailKind.PROOF}


async def test_owner_is_told_of_change_to_their_address(service: Service) -> None:
    headers = await service.add_user("ada")
    await service.add_user("bob")
    ok(await service.change_email(headers, "bob@example.org"), 202)

    messages = {message.recipient: message for message in await service.deliver()}

    bobs = messages["bob@example.org"]
    assert (bobs.kind, bobs.username, bobs.link) == (EmailKind.ADDRESS_IN_USE, "bob", None)


async def test_address_taken_meanwhile_is_refused(service: Service) -> None:
    headers = await service.add_user("ada")
    ok(await service.change_email(headers, NEW), 202)
    paths = [(message.link or "").partition("8000")[2] for message in await service.deliver()]
    await service.container.accounts().sign_up(SignUp("bob", NEW, PASSWORD))

    answers = [await service.client.put(f"/v1{path}") for path in paths]

    assert answers[0].status_code == 204
    assert NEW in expect_problem(answers[1], 409, "email_taken")["detail"]
    assert await service.me(headers) == {"email": ADA, "email_verified": True, "pending_email": NEW}


async def test_later_change_invalidates_approval_of_earlier(service: Service) -> None:
    headers = await service.add_user("ada")
    ok(await service.change_email(headers, "other@example.org"), 202)
    earlier = await service.receive(ADA, EmailKind.APPROVAL)
    ok(await service.change_email(headers, NEW), 202)

    expect_problem(await service.client.put(f"/v1{earlier}"), 404, "not_found")

    assert (await service.me(headers))["pending_email"] == NEW


async def test_change_and_links_expire_after_a_day(service: Service) -> None:
    headers = await service.add_user("ada")
    ok(await service.change_email(headers, NEW), 202)
    path = await service.receive(NEW, EmailKind.PROOF)

    service.clock.advance(timedelta(days=1))

    problem = expect_problem(await service.client.put(f"/v1{path}"), 404, "not_found")
    assert "24 hours" in problem["detail"]
    assert (await service.me(headers))["pending_email"] is None
    assert await service.container.mailing().delete_expired() == 3


async def test_link_of_other_account_is_refused(service: Service) -> None:
    bob = await service.add_user("bob")
    ok(await service.sign_up("ada"), 201)
    path = await service.receive(ADA, EmailKind.PROOF)

    expect_problem(await service.client.put(f"/v1{path}", headers=bob), 404, "not_found")

    ok(await service.client.put(f"/v1{path}"), 204)


async def test_change_requires_password_and_valid_address(service: Service) -> None:
    headers = await service.add_user("ada")

    wrong = await service.change_email(headers, NEW, NEW_PASSWORD)
    assert expect_problem(wrong, 401, "wrong_credentials")["field"] == "current"
    assert set(expect_invalid(await service.change_email(headers, "a\nb@example.org"))) == {"email"}
    expect_problem(await service.change_email({}, NEW), 401, "not_signed_in")

    assert (await service.me(headers))["pending_email"] is None
    assert await service.deliver() == []


async def test_verified_address_gets_no_further_link(service: Service) -> None:
    headers = await service.add_user("ada")

    ok(await service.client.post("/v1/email-proofs", headers=headers), 202)
    ok(await service.change_email(headers, ADA), 202)

    assert await service.deliver() == []
    expect_problem(await service.client.post("/v1/email-proofs"), 401, "not_signed_in")
