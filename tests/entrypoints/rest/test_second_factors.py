"""Authenticator apps and recovery codes, in memory and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from httpx import AsyncClient

from container import Container
from domain.roles import Role
from domain.terms import NewTerms
from domain.tokens import FactorRequirement
from domain.users import SignUp
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.factors import (
    add_codes,
    add_totp,
    bearer,
    begin,
    code_at,
    confirm,
    first_step,
    second_step,
    sign_in,
)
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_invalid, expect_problem, new_visitor, ok
from tests.suspension import suspend


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def container(either_store: str | None, clock: StoppedClock) -> AsyncIterator[Container]:
    if either_store is None:
        yield memory_container(clock=clock)
        return
    await empty_database(either_store)
    container = postgres_container(either_store, clock=clock)
    yield container
    await container.database().close()


async def test_authenticator_app_is_needed_after_the_password(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    factor, secret = await add_totp(ada, clock)
    assert (factor["kind"], factor["name"], factor["codes"]) == ("totp", "Phone", None)

    clock.advance(timedelta(seconds=60))
    problem = expect_problem(await sign_in(client), 401, "second_factor_required")
    assert problem["methods"] == ["totp"]
    answer = await second_step(client, problem["challenge"], second_factor=code_at(secret, clock))

    assert ok(await client.get("/v1/me", headers=bearer(answer)))["username"] == "ada"
    (listed,) = (await ada.read("/me/second-factors"))["items"]
    assert listed["last_used_at"] is not None
    assert secret not in str(listed)


async def test_secret_is_shown_once_as_the_content_of_a_qr_code(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await confirm(ada)
    begun = await begin(ada, "totp")

    uri = urlsplit(begun["totp"]["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", "/Tintype (tintype.test):ada")
    assert parse_qs(uri.query)["secret"] == [begun["totp"]["secret"]]
    assert begun["passkey"] is None


async def test_password_and_code_can_be_sent_together(client: AsyncClient, clock: StoppedClock) -> None:
    _, secret = await add_totp(await new_visitor(client, "ada"), clock)
    clock.advance(timedelta(seconds=30))

    bearer(await sign_in(client, second_factor=code_at(secret, clock)))
    expect_problem(await sign_in(client, second_factor=code_at(secret, clock)), 401, "wrong_second_factor")


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_code_of_a_neighbouring_step_is_accepted(
    client: AsyncClient, clock: StoppedClock, steps: int, status: int
) -> None:
    _, secret = await add_totp(await new_visitor(client, "ada"), clock)
    clock.advance(timedelta(minutes=10))

    answer = await second_step(client, await first_step(client), second_factor=code_at(secret, clock, steps))
    assert answer.status_code == status, answer.text


async def test_code_is_accepted_once_and_never_an_older_one(client: AsyncClient, clock: StoppedClock) -> None:
    _, secret = await add_totp(await new_visitor(client, "ada"), clock)
    # The code that added the app is used up.
    used = await second_step(client, await first_step(client), second_factor=code_at(secret, clock))
    expect_problem(used, 401, "wrong_second_factor")
    clock.advance(timedelta(minutes=5))
    bearer(await second_step(client, await first_step(client), second_factor=code_at(secret, clock)))

    challenge = await first_step(client)
    for steps in (0, -1):
        answer = await second_step(client, challenge, second_factor=code_at(secret, clock, steps))
        expect_problem(answer, 401, "wrong_second_factor")
    bearer(await second_step(client, challenge, second_factor=code_at(secret, clock, 1)))


async def test_challenge_is_used_up_by_success_and_expires(client: AsyncClient, clock: StoppedClock) -> None:
    _, secret = await add_totp(await new_visitor(client, "ada"), clock)
    clock.advance(timedelta(minutes=1))
    challenge = await first_step(client)
    bearer(await second_step(client, challenge, second_factor=code_at(secret, clock)))
    again = await second_step(client, challenge, second_factor=code_at(secret, clock, 1))
    expect_problem(again, 401, "challenge_expired")

    challenge = await first_step(client)
    clock.advance(timedelta(minutes=5))
    late = await second_step(client, challenge, second_factor=code_at(secret, clock))
    expect_problem(late, 401, "challenge_expired")
    for forged in ("", "x", "\u20ac" * 10):
        expect_problem(await second_step(client, forged, second_factor="123456"), 401, "challenge_expired")


async def test_code_of_another_user_is_refused(client: AsyncClient, clock: StoppedClock) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    await add_totp(ada, clock)
    _, bobs = await add_totp(bob, clock)
    bobs_codes = await add_codes(bob)
    clock.advance(timedelta(minutes=1))

    for code in (code_at(bobs, clock), bobs_codes[0]):
        answer = await second_step(client, await first_step(client), second_factor=code)
        expect_problem(answer, 401, "wrong_second_factor")


@pytest.mark.parametrize("code", ["1234567", "12345", "", "abcdef", "１２３４５６", "a" * 17, "0000-0000-0000-0000"])
async def test_malformed_code_is_refused(client: AsyncClient, clock: StoppedClock, code: str) -> None:
    await add_totp(await new_visitor(client, "ada"), clock)

    answer = await second_step(client, await first_step(client), second_factor=code)
    assert expect_invalid(answer) == {"second_factor": "bad_format"}


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"challenge": "x"}, {"second_factor": "missing"}),
        ({"second_factor": "123456"}, {"username": "missing", "password": "missing"}),
        ({"challenge": "x", "passkey": "{"}, {"passkey": "bad_format"}),
        ({"challenge": "x", "passkey": "[]"}, {"passkey": "bad_format"}),
        ({"challenge": "x", "otp": "1"}, {"second_factor": "missing", "otp": "unknown_field"}),
    ],
)
async def test_malformed_second_step_is_refused(client: AsyncClient, fields: Json, faults: Json) -> None:
    assert expect_invalid(await client.post("/v1/tokens", data=fields)) == faults


async def test_recovery_codes_are_used_once(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await add_totp(ada, clock)
    codes = await add_codes(ada)
    assert len(set(codes)) == 10

    problem = expect_problem(await sign_in(client), 401, "second_factor_required")
    assert problem["methods"] == ["totp", "recovery_codes"]
    bearer(await second_step(client, problem["challenge"], second_factor=codes[3].upper().replace("-", " ")))
    again = await second_step(client, await first_step(client), second_factor=codes[3])
    expect_problem(again, 401, "wrong_second_factor")
    listed = (await ada.read("/me/second-factors"))["items"]
    assert [(one["kind"], one["codes_left"]) for one in listed] == [("recovery_codes", 9), ("totp", None)]
    assert not any(code in str(listed) for code in codes)


async def test_new_recovery_codes_replace_old_ones(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await add_totp(ada, clock)
    old, new = await add_codes(ada), await add_codes(ada)

    expect_problem(await sign_in(client, second_factor=old[0]), 401, "wrong_second_factor")
    bearer(await sign_in(client, second_factor=new[0]))
    assert len((await ada.read("/me/second-factors"))["items"]) == 2


async def test_recovery_codes_need_another_factor(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    await confirm(ada)

    answer = await ada.call("POST", "/me/second-factors", json={"kind": "recovery_codes"})
    expect_problem(answer, 409, "second_factor_missing")
    bearer(await sign_in(client))


async def test_last_factor_takes_the_recovery_codes_with_it(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    factor, _ = await add_totp(ada, clock)
    await add_codes(ada)

    ok(await ada.call("DELETE", f"/me/second-factors/{factor['id']}"), 204)

    assert (await ada.read("/me/second-factors"))["items"] == []
    bearer(await sign_in(client))


async def test_changes_need_a_recent_confirmation(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    factor, secret = await add_totp(ada, clock)
    clock.advance(timedelta(minutes=10))
    calls: list[tuple[str, str, Json]] = [
        ("POST", "/me/second-factor-challenges", {"json": {"kind": "totp"}}),
        ("POST", "/me/second-factor-challenges", {"json": {"kind": "passkey"}}),
        ("POST", "/me/second-factors", {"json": {"kind": "recovery_codes"}}),
        ("DELETE", f"/me/second-factors/{factor['id']}", {}),
    ]
    for method, path, content in calls:
        expect_problem(await ada.call(method, path, **content), 403, "confirmation_required")
    wrong = await ada.call("POST", "/me/confirmations", json={"password": "wrong horse battery"})
    expect_problem(wrong, 401, "wrong_credentials")
    expect_problem(await ada.call("DELETE", calls[3][1]), 403, "confirmation_required")

    # A sign-in with a second factor confirms its own session only.
    again = Visitor(client, "ada", bearer(await sign_in(client, second_factor=code_at(secret, clock))))
    expect_problem(await ada.call("DELETE", calls[3][1]), 403, "confirmation_required")
    ok(await again.call("DELETE", calls[3][1]), 204)


async def test_factors_belong_to_their_user(client: AsyncClient, clock: StoppedClock) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    factor, _ = await add_totp(ada, clock)
    await confirm(bob)

    assert (await ada.read(f"/me/second-factors/{factor['id']}"))["id"] == factor["id"]
    assert (await bob.read("/me/second-factors"))["items"] == []
    for name in (factor["id"], UNKNOWN_ID, "1"):
        expect_problem(await bob.get(f"/me/second-factors/{name}"), 404, "not_found")
        expect_problem(await bob.call("DELETE", f"/me/second-factors/{name}"), 404, "not_found")
    expect_problem(await Visitor(client).get("/me/second-factors"), 401, "not_signed_in")


async def test_challenge_of_another_user_adds_no_factor(client: AsyncClient, clock: StoppedClock) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    await confirm(ada)
    begun = await begin(ada, "totp")
    body = {"kind": "totp", "challenge": begun["challenge"], "code": code_at(begun["totp"]["secret"], clock)}

    expect_problem(await bob.call("POST", "/me/second-factors", json=body), 401, "wrong_second_factor")
    ok(await ada.call("POST", "/me/second-factors", json=body), 201)
    expect_problem(await ada.call("POST", "/me/second-factors", json=body), 401, "challenge_expired")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"kind": "sms"}, {"kind": "not_allowed"}),
        ({"kind": "totp"}, {"challenge": "missing"}),
        ({"kind": "totp", "challenge": "x"}, {"code": "missing"}),
        ({"kind": "totp", "challenge": "x", "code": "1234567"}, {"code": "bad_format"}),
        ({"kind": "totp", "challenge": "x", "code": "123456", "name": " "}, {"name": "too_short"}),
        ({"kind": "totp", "challenge": "x", "code": "123456", "name": "x" * 51}, {"name": "too_long"}),
        ({"kind": "passkey", "challenge": "x"}, {"passkey": "missing"}),
        ({"kind": "totp", "secret": "mine"}, {"secret": "unknown_field"}),
    ],
)
async def test_malformed_factor_is_refused(client: AsyncClient, body: Json, faults: Json) -> None:
    ada = await new_visitor(client, "ada")
    await confirm(ada)

    assert expect_invalid(await ada.call("POST", "/me/second-factors", json=body)) == faults
    assert (await ada.read("/me/second-factors"))["items"] == []


async def test_wrong_first_code_adds_no_factor(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await confirm(ada)
    begun = await begin(ada, "totp")
    body = {"kind": "totp", "challenge": begun["challenge"], "code": code_at(begun["totp"]["secret"], clock, 5)}

    expect_problem(await ada.call("POST", "/me/second-factors", json=body), 401, "wrong_second_factor")
    bearer(await sign_in(client))


async def test_number_of_factors_is_limited(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    for _ in range(10):
        await add_totp(ada, clock)

    answer = await ada.call("POST", "/me/second-factor-challenges", json={"kind": "totp"})
    assert expect_problem(answer, 409, "too_many_second_factors")["limit"] == 10


async def test_secrets_are_not_stored_for_idempotency_keys(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await add_totp(ada, clock)
    keyed = Visitor(client, "ada", {**ada.headers, "Idempotency-Key": "once"})

    assert await add_codes(keyed) != await add_codes(keyed)


async def test_session_without_second_factor_has_no_rights_of_an_administrator(
    client: AsyncClient, container: Container, clock: StoppedClock
) -> None:
    container.config.require_second_factor.override(FactorRequirement.MODERATORS)
    await container.accounts().sign_up(SignUp("ada", "ada@example.com", PASSWORD, role=Role.ADMIN))
    ada = Visitor(client, "ada", bearer(await sign_in(client)))
    assert not await sees_details(ada)
    refused = expect_problem(await ada.call("GET", "/moderation/reports"), 403, "rights_withheld")
    assert "your rights as admin need a second factor" in refused["detail"]

    factor, _ = await add_totp(ada, clock)
    assert await sees_details(ada)
    await ada.read("/moderation/reports")

    ok(await ada.call("DELETE", f"/me/second-factors/{factor['id']}"), 204)
    expect_problem(await ada.call("GET", "/moderation/reports"), 403, "rights_withheld")


async def sees_details(ada: Visitor) -> bool:
    parts = (await ada.client.get("/readyz", headers=ada.headers)).json()["parts"]
    return any(part["detail"] for part in parts)


async def test_suspended_user_is_refused_after_the_second_factor_only(
    client: AsyncClient, container: Container, clock: StoppedClock
) -> None:
    ada = await new_visitor(client, "ada")
    _, secret = await add_totp(ada, clock)
    await suspend(container, "ada")

    challenge = await first_step(client)
    expect_problem(await second_step(client, challenge, second_factor="123456"), 401, "wrong_second_factor")
    code = code_at(secret, clock, 1)
    refused = expect_problem(await second_step(client, challenge, second_factor=code), 403, "suspended")
    assert (refused["rule"], refused["reason"]) == ("no spam", "it is spam")


async def test_token_is_the_one_of_the_first_step(client: AsyncClient, clock: StoppedClock) -> None:
    ada = await new_visitor(client, "ada")
    await add_totp(ada, clock)
    codes = await add_codes(ada)
    asked = {"name": "backup", "scopes": "read", "expires_in": "3600"}

    problem = expect_problem(await sign_in(client, **asked), 401, "second_factor_required")
    for field, value in {"name": "other", "scopes": "read write", "expires_in": "7200"}.items():
        more = await second_step(client, problem["challenge"], second_factor=codes[0], **{field: value})
        assert expect_invalid(more) == {"challenge": "not_allowed"}
    answer = ok(await second_step(client, problem["challenge"], second_factor=codes[0]))

    assert answer["expires_in"] == 3600
    listed = (await ada.read("/me/tokens"))["items"][0]
    assert (listed["name"], listed["scopes"], listed["address"]) == ("backup", ["read"], "127.0.0.1")
    program = Visitor(client, "ada", {"Authorization": f"Bearer {answer['access_token']}"})
    expect_problem(await program.call("DELETE", "/me"), 403, "insufficient_scope")
    together = await sign_in(client, second_factor=codes[1], scopes="write")
    expect_problem(await client.get("/v1/me", headers=bearer(together)), 403, "insufficient_scope")


async def test_invalid_token_is_refused_at_the_first_step(client: AsyncClient, clock: StoppedClock) -> None:
    await add_totp(await new_visitor(client, "ada"), clock)

    assert expect_invalid(await sign_in(client, scopes="read admin")) == {"scopes": "not_allowed"}


async def test_terms_are_accepted_with_either_step(
    client: AsyncClient, container: Container, clock: StoppedClock
) -> None:
    ada = await new_visitor(client, "ada")
    await add_totp(ada, clock)
    codes = await add_codes(ada)
    await container.terms_publishing().publish(NewTerms("Be kind."))
    refused = expect_problem(await sign_in(client), 403, "terms_not_accepted")
    assert refused["limit"] == 1

    problem = expect_problem(await sign_in(client, accepted_terms="1"), 401, "second_factor_required")
    wrong = await second_step(client, problem["challenge"], second_factor="123456")
    expect_problem(wrong, 401, "wrong_second_factor")
    expect_problem(await sign_in(client), 403, "terms_not_accepted")  # accepted after both steps only
    bearer(await second_step(client, problem["challenge"], second_factor=codes[0]))

    challenge = await first_step(client)
    await container.terms_publishing().publish(NewTerms("Be kind, please."))
    late = await second_step(client, challenge, second_factor=codes[1])
    assert expect_problem(late, 403, "terms_not_accepted")["limit"] == 2
    bearer(await second_step(client, challenge, second_factor=codes[1], accepted_terms="2"))
    await first_step(client)
