"""Passkeys as the second factor and alone, in memory and on PostgreSQL, with an authenticator in software."""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from container import Container
from domain.terms import NewTerms
from tests.authenticator import Authenticator
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import StoppedClock
from tests.entrypoints.rest.factors import (
    add_passkey,
    add_totp,
    bearer,
    begin,
    code_at,
    confirm,
    first_step,
    second_step,
    sign_in,
)
from tests.entrypoints.rest.visitors import Json, expect_invalid, expect_problem, new_visitor, ok
from tests.suspension import suspend

REAL = {"passkeys": "webauthn"}


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def container(either_store: str | None, clock: StoppedClock) -> AsyncIterator[Container]:
    if either_store is None:
        yield memory_container(clock=clock, config=REAL)
        return
    await empty_database(either_store)
    container = postgres_container(either_store, clock=clock, config=REAL)
    yield container
    await container.database().close()


async def offer(client: AsyncClient) -> Json:
    return ok(await client.post("/v1/tokens/passkey-challenges"), 201)


async def answer_with(client: AsyncClient, offered: Json, passkey: Authenticator) -> Response:
    response = json.dumps(passkey.get(offered["passkey"]))
    return await second_step(client, offered["challenge"], passkey=response)


async def test_passkey_signs_in_alone(client: AsyncClient) -> None:
    passkey, ada = Authenticator(), await new_visitor(client, "ada")
    factor = await add_passkey(ada, passkey)
    assert (factor["kind"], factor["name"]) == ("passkey", "Passkey")

    for _ in range(2):
        signed_in = await answer_with(client, await offer(client), passkey)
        assert ok(await client.get("/v1/me", headers=bearer(signed_in)))["username"] == "ada"


async def test_passkey_is_the_second_factor_of_a_password(client: AsyncClient) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)

    problem = expect_problem(await sign_in(client), 401, "second_factor_required")
    assert problem["methods"] == ["passkey"]
    assert problem["passkey"]["rpId"] == "tintype.test"
    bearer(await answer_with(client, problem, passkey))


async def test_response_is_accepted_once(client: AsyncClient) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)
    offered = await offer(client)
    response = json.dumps(passkey.get(offered["passkey"]))
    bearer(await second_step(client, offered["challenge"], passkey=response))

    replayed = await second_step(client, offered["challenge"], passkey=response)
    expect_problem(replayed, 401, "challenge_expired")
    replayed = await second_step(client, (await offer(client))["challenge"], passkey=response)
    expect_problem(replayed, 401, "wrong_second_factor")


async def test_counter_must_grow(client: AsyncClient) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)
    copy = replace(passkey)
    bearer(await answer_with(client, await offer(client), passkey))

    expect_problem(await answer_with(client, await offer(client), copy), 401, "wrong_second_factor")
    bearer(await answer_with(client, await offer(client), passkey))


async def test_challenge_expires(client: AsyncClient, clock: StoppedClock) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)
    offered = await offer(client)
    clock.advance(timedelta(minutes=5))

    expect_problem(await answer_with(client, offered, passkey), 401, "challenge_expired")


@pytest.mark.parametrize(
    "other",
    [
        {"origin": "https://evil.example"},
        {"verifies": False},
        {"credential_id": b"unknown"},
        {"_key": Authenticator()._key},
    ],
    ids=["origin", "unverified user", "unknown passkey", "another key"],
)
async def test_forged_response_is_refused(client: AsyncClient, other: Json) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)

    answer = await answer_with(client, await offer(client), replace(passkey, **other))
    expect_problem(answer, 401, "wrong_second_factor")


async def test_passkey_of_another_user_is_no_second_factor(client: AsyncClient, clock: StoppedClock) -> None:
    passkey, theirs = Authenticator(), Authenticator(credential_id=b"the passkey of bob")
    await add_passkey(await new_visitor(client, "ada"), passkey)
    await add_passkey(await new_visitor(client, "bob"), theirs)

    problem = (await sign_in(client)).json()
    expect_problem(await answer_with(client, problem, theirs), 401, "wrong_second_factor")
    bearer(await answer_with(client, problem, passkey))


async def test_challenge_without_a_password_takes_no_code(client: AsyncClient, clock: StoppedClock) -> None:
    _, secret = await add_totp(await new_visitor(client, "ada"), clock)
    clock.advance(timedelta(minutes=1))

    answer = await second_step(client, (await offer(client))["challenge"], second_factor=code_at(secret, clock))
    expect_problem(answer, 401, "challenge_expired")


@pytest.mark.parametrize(
    "damage",
    [
        {"response": {}},
        {"id": 7},
        {"type": "password"},
        {"response": {"clientDataJSON": "!", "authenticatorData": "AA", "signature": "AA"}},
    ],
    ids=str,
)
async def test_malformed_response_is_refused(client: AsyncClient, damage: Json) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)
    offered = await offer(client)
    response = {**passkey.get(offered["passkey"]), **damage}

    answer = await second_step(client, offered["challenge"], passkey=json.dumps(response))
    if answer.status_code == 401:
        expect_problem(answer, 401, "wrong_second_factor")
    else:
        assert expect_invalid(answer) == {"passkey": "bad_format"}


async def test_passkey_is_registered_once(client: AsyncClient) -> None:
    passkey, ada, bob = Authenticator(), await new_visitor(client, "ada"), await new_visitor(client, "bob")
    await add_passkey(ada, passkey)
    begun = await begin(ada, "passkey")
    assert [one["id"] for one in begun["passkey"]["excludeCredentials"]] == [passkey.create(begun["passkey"])["id"]]

    await confirm(bob)
    begun = await begin(bob, "passkey")
    body = {"kind": "passkey", "challenge": begun["challenge"], "passkey": passkey.create(begun["passkey"])}
    expect_problem(await bob.call("POST", "/me/second-factors", json=body), 409, "passkey_taken")


@pytest.mark.parametrize("other", [{"origin": "https://evil.example"}, {"verifies": False}], ids=str)
async def test_registration_elsewhere_is_refused(client: AsyncClient, other: Json) -> None:
    ada = await new_visitor(client, "ada")
    await confirm(ada)
    begun = await begin(ada, "passkey")
    body = {
        "kind": "passkey",
        "challenge": begun["challenge"],
        "passkey": replace(Authenticator(), **other).create(begun["passkey"]),
    }

    expect_problem(await ada.call("POST", "/me/second-factors", json=body), 401, "wrong_second_factor")
    assert (await ada.read("/me/second-factors"))["items"] == []


async def test_length_of_the_id_is_limited(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    await add_passkey(ada, Authenticator(credential_id=os.urandom(1023)))

    begun = await begin(ada, "passkey")
    response = Authenticator(credential_id=os.urandom(4000)).create(begun["passkey"])
    body = {"kind": "passkey", "challenge": begun["challenge"], "passkey": response}
    assert expect_invalid(await ada.call("POST", "/me/second-factors", json=body)) == {"passkey": "bad_format"}
    assert len((await ada.read("/me/second-factors"))["items"]) == 1


async def test_both_steps_are_needed_after_any_number_of_wrong_responses(client: AsyncClient) -> None:
    passkey = Authenticator()
    await add_passkey(await new_visitor(client, "ada"), passkey)
    challenge = await first_step(client)

    for _ in range(3):
        answer = await second_step(client, challenge, second_factor="123456")
        expect_problem(answer, 401, "wrong_second_factor")


async def test_suspended_user_is_refused_after_the_response_of_the_passkey_only(
    client: AsyncClient, container: Container
) -> None:
    passkey, ada = Authenticator(), await new_visitor(client, "ada")
    await add_passkey(ada, passkey)
    await suspend(container, "ada")

    stranger = replace(passkey, _key=Authenticator()._key)
    expect_problem(await answer_with(client, await offer(client), stranger), 401, "wrong_second_factor")
    refused = expect_problem(await answer_with(client, await offer(client), passkey), 403, "suspended")
    assert refused["reason"] == "it is spam"


async def test_passkey_alone_asks_for_a_token_and_accepts_terms(client: AsyncClient, container: Container) -> None:
    passkey, ada = Authenticator(), await new_visitor(client, "ada")
    await add_passkey(ada, passkey)
    await container.terms_publishing().publish(NewTerms("Be kind."))
    offered = await offer(client)
    expect_problem(await answer_with(client, offered, passkey), 403, "terms_not_accepted")

    response = json.dumps(passkey.get(offered["passkey"]))
    asked = {"name": "phone", "scopes": "read", "accepted_terms": "1"}
    signed_in = await second_step(client, offered["challenge"], passkey=response, **asked)

    listed = (await ada.read("/me/tokens"))["items"][0]
    assert (listed["name"], listed["scopes"]) == ("phone", ["read"])
    expect_problem(await client.delete("/v1/me", headers=bearer(signed_in)), 403, "insufficient_scope")
    bearer(await answer_with(client, await offer(client), passkey))
