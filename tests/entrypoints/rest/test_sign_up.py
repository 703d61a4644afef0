"""Modes of sign-up, invitations and approvals, over the API."""

import base64
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from httpx import AsyncClient, Response

from container import Container
from domain.proof_of_work import CHALLENGE_LIFETIME
from domain.roles import Role
from domain.sign_ups import SignUpMode
from domain.users import SignUp
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD, client_of
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Json, Visitor, expect_invalid, expect_problem, ids, ok

MODES = list(SignUpMode)


@asynccontextmanager
async def server(
    mode: SignUpMode, clock: StoppedClock | None = None, **config: str
) -> AsyncIterator[tuple[AsyncClient, Visitor]]:
    """A client of a server in that mode, and its moderator."""
    container: Container = memory_container(config={"sign_up": mode, **config}, **({"clock": clock} if clock else {}))
    await container.accounts().sign_up(SignUp("mod_eva", "eva@example.org", PASSWORD, role=Role.MODERATOR))
    await container.accounts().sign_up(SignUp("chief_ida", "ida@example.org", PASSWORD, role=Role.ADMIN))
    async with client_of(container) as client:
        yield client, await sign_in(client, "mod_eva")


async def sign_in(client: AsyncClient, name: str) -> Visitor:
    answer = await client.post("/v1/tokens", data={"username": name, "password": PASSWORD})
    return Visitor(client, name, {"Authorization": f"Bearer {ok(answer)['access_token']}"})


async def apply(client: AsyncClient, name: str = "ada", **fields: object) -> Response:
    return await client.post(
        "/v1/users", json={"username": name, "email": f"{name}@example.org", "password": PASSWORD, **fields}
    )


async def logged(moderator: Visitor) -> list[tuple[str, str, str]]:
    """The entries of the audit log."""
    entries = (await moderator.read("/moderation/log"))["items"]
    return [(entry["action"], entry["details"]["moderator"], entry["details"]["user"]) for entry in entries]


async def invite(moderator: Visitor, **fields: int) -> Json:
    return ok(await moderator.call("POST", "/invites", json=fields), 201)


@pytest.mark.parametrize("mode", MODES)
async def test_mode_is_public(mode: SignUpMode) -> None:
    async with server(mode) as (client, _):
        assert ok(await client.get("/v1/sign-up"))["mode"] == mode.value


async def test_closed_server_takes_no_sign_ups() -> None:
    async with server(SignUpMode.CLOSED) as (client, eva):
        code = (await invite(eva))["code"]

        expect_problem(await apply(client), 403, "sign_up_closed")
        expect_problem(await apply(client, invite=code), 403, "sign_up_closed")


async def test_invitation_is_needed_and_can_be_used_up() -> None:
    async with server(SignUpMode.INVITE) as (client, eva):
        code = (await invite(eva, max_uses=2))["code"]

        assert expect_invalid(await apply(client)) == {"invite": "missing"}
        assert expect_invalid(await apply(client, invite="none")) == {"invite": "unknown"}
        assert expect_invalid(await apply(client, invite="x" * 101)) == {"invite": "too_long"}
        expect_problem(await apply(client, "mod_eva", invite=code), 409, "username_taken")
        for name in ("ada", "bob"):
            ok(await apply(client, name, invite=code), 201)
        assert expect_invalid(await apply(client, "eve", invite=code)) == {"invite": "used_up"}

        (listed,) = (await eva.read("/invites"))["items"]
        assert (listed["uses"], listed["max_uses"], listed["creator"]) == (2, 2, "mod_eva")
        assert (await client.get("/v1/users/eve")).status_code == 404


@pytest.mark.parametrize("mode", [SignUpMode.OPEN, SignUpMode.APPROVAL, SignUpMode.INVITE])
async def test_expired_or_withdrawn_invitation_is_refused(mode: SignUpMode) -> None:
    clock = StoppedClock()
    async with server(mode, clock) as (client, eva):
        expiring, withdrawn = await invite(eva, days=1), await invite(eva, days=365)
        clock.advance(timedelta(days=1))
        ok(await eva.call("DELETE", f"/invites/{withdrawn['id']}"), 204)

        assert expect_invalid(await apply(client, invite=expiring["code"])) == {"invite": "expired"}
        assert expect_invalid(await apply(client, invite=withdrawn["code"])) == {"invite": "unknown"}
        assert (await client.get("/v1/users/ada")).status_code == 404


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"max_uses": 0}, {"max_uses": "out_of_range"}),
        ({"max_uses": 1001, "days": 366}, {"max_uses": "out_of_range", "days": "out_of_range"}),
    ],
)
async def test_invalid_bounds_create_no_invitation(fields: Json, faults: Json) -> None:
    async with server(SignUpMode.INVITE) as (_, eva):
        assert expect_invalid(await eva.call("POST", "/invites", json=fields)) == faults
        assert (await eva.read("/invites"))["items"] == []


async def test_invitations_are_paged_and_deleted_once() -> None:
    async with server(SignUpMode.INVITE) as (_, eva):
        created = [(await invite(eva))["id"] for _ in range(3)]
        first = await eva.read("/invites", limit=2)
        assert ids(first) + ids(await eva.read("/invites", limit=2, cursor=first["next_cursor"])) == created[::-1]
        ok(await eva.call("DELETE", f"/invites/{created[0]}"), 204)
        for absent in (created[0], UNKNOWN_ID, "1"):
            expect_problem(await eva.call("DELETE", f"/invites/{absent}"), 404, "not_found")


async def test_applicant_waits_for_approval_and_sees_only_own_state() -> None:
    async with server(SignUpMode.APPROVAL) as (client, eva):
        assert expect_invalid(await apply(client)) == {"reason": "too_short"}
        ok(await apply(client, reason="I draw."), 201)
        ada = await sign_in(client, "ada")

        assert (await ada.read("/me"))["state"] == "pending"
        for method, path in [
            ("GET", "/posts"),
            ("GET", "/feed"),
            ("PUT", "/users/mod_eva/follow"),
            ("GET", "/invites"),
        ]:
            expect_problem(await ada.call(method, path), 403, "account_pending")
        expect_problem(await ada.send_file(b"x"), 403, "account_pending")
        assert (await client.get("/v1/users/ada")).status_code == 404
        expect_problem(await eva.get("/users/ada"), 404, "not_found")
        (waiting,) = (await eva.read("/moderation/sign-ups"))["items"]
        assert (waiting["username"], waiting["reason"], waiting["email"]) == ("ada", "I draw.", "ada@example.org")

        ok(await eva.call("PUT", "/moderation/sign-ups/Ada"), 204)

        assert (await ada.read("/me"))["state"] == "active"
        assert ok(await client.get("/v1/users/ada"))["username"] == "ada"
        assert (await eva.read("/moderation/sign-ups"))["items"] == []
        expect_problem(await eva.call("PUT", "/moderation/sign-ups/ada"), 404, "not_found")
        assert await logged(eva) == [("sign_up_approval", "mod_eva", "ada")]


async def test_refused_applicant_is_deleted_and_others_cannot_be() -> None:
    async with server(SignUpMode.APPROVAL) as (client, eva):
        ok(await apply(client, reason="spam"), 201)
        ada = await sign_in(client, "ada")
        for name in ("mod_eva", "nobody", "x"):
            expect_problem(await eva.call("DELETE", f"/moderation/sign-ups/{name}"), 404, "not_found")

        ok(await eva.call("DELETE", "/moderation/sign-ups/ada"), 204)

        expect_problem(await ada.get("/me"), 401, "not_signed_in")
        expect_problem(await apply(client, reason="again"), 409, "username_taken")
        assert await logged(eva) == [("sign_up_refusal", "mod_eva", "ada")]


async def test_pending_account_can_sign_out_and_delete_itself() -> None:
    async with server(SignUpMode.APPROVAL) as (client, _):
        ok(await apply(client, reason="I draw."), 201)
        first, second = await sign_in(client, "ada"), await sign_in(client, "ada")

        ok(await first.call("DELETE", "/tokens/current"), 204)
        ok(await second.call("DELETE", "/me"), 204)

        expect_problem(await second.get("/me"), 401, "not_signed_in")


async def test_invitation_replaces_approval() -> None:
    async with server(SignUpMode.APPROVAL) as (client, eva):
        ok(await apply(client, invite=(await invite(eva))["code"]), 201)

        assert (await (await sign_in(client, "ada")).read("/me"))["state"] == "active"


async def test_users_are_no_moderators() -> None:
    async with server(SignUpMode.OPEN) as (client, _):
        ok(await apply(client), 201)
        ada = await sign_in(client, "ada")
        calls = [
            ("GET", "/invites"),
            ("DELETE", f"/invites/{UNKNOWN_ID}"),
            ("GET", "/moderation/sign-ups"),
            ("PUT", "/moderation/sign-ups/ada"),
            ("DELETE", "/moderation/sign-ups/ada"),
        ]
        for method, path in calls:
            assert expect_problem(await ada.call(method, path), 403, "forbidden")["limit"] == "moderator"
            expect_problem(await Visitor(client).call(method, path), 401, "not_signed_in")


async def test_terms_are_accepted_at_sign_up() -> None:
    async with server(SignUpMode.OPEN) as (client, eva):
        expect_problem(await client.get("/v1/terms"), 404, "not_found")
        expect_problem(await eva.call("POST", "/terms", json={"text": "Be kind."}), 403, "forbidden")
        await publish(client, "Be kind.")
        await publish(client, "Be kind, please.")

        assert ok(await client.get("/v1/sign-up"))["terms"] == 2
        assert ok(await client.get("/v1/terms"))["text"] == "Be kind, please."
        assert ok(await client.get("/v1/terms/1"))["text"] == "Be kind."
        for version in (0, 3, 2**70):
            expect_problem(await client.get(f"/v1/terms/{version}"), 404, "not_found")
        assert expect_invalid(await apply(client)) == {"accepted_terms": "missing"}
        assert expect_invalid(await apply(client, accepted_terms=1)) == {"accepted_terms": "outdated"}
        ok(await apply(client, accepted_terms=2), 201)
        await (await sign_in(client, "ada")).read("/me")


async def test_new_terms_are_accepted_at_next_sign_in() -> None:
    async with server(SignUpMode.OPEN) as (client, _):
        ok(await apply(client), 201)
        ada = await sign_in(client, "ada")
        await publish(client, "Be kind.")
        await ada.read("/me")
        data = {"username": "ada", "password": PASSWORD}

        assert expect_problem(await client.post("/v1/tokens", data=data), 403, "terms_not_accepted")["limit"] == 1
        wrong = await client.post("/v1/tokens", data={**data, "accepted_terms": "2"})
        expect_problem(wrong, 403, "terms_not_accepted")
        stranger = await client.post("/v1/tokens", data={"username": "ada", "password": "not it at all"})
        expect_problem(stranger, 401, "wrong_credentials")
        assert expect_invalid(await client.post("/v1/tokens", data={**data, "accepted_terms": "yes"})) == {
            "accepted_terms": "bad_format"
        }
        ok(await client.post("/v1/tokens", data={**data, "accepted_terms": "1"}))
        ok(await client.post("/v1/tokens", data=data))


@pytest.mark.parametrize("text", ["", " ", "x" * 50_001])
async def test_invalid_terms_are_not_published(text: str) -> None:
    async with server(SignUpMode.OPEN) as (client, _):
        admin = await the_admin(client)

        assert set(expect_invalid(await admin.call("POST", "/terms", json={"text": text}))) == {"text"}
        expect_problem(await client.get("/v1/terms"), 404, "not_found")


async def publish(client: AsyncClient, text: str) -> None:
    ok(await (await the_admin(client)).call("POST", "/terms", json={"text": text}), 201)


async def the_admin(client: AsyncClient) -> Visitor:
    data = {"username": "chief_ida", "password": PASSWORD}
    terms = (await client.get("/v1/terms")).json().get("version")
    answer = await client.post("/v1/tokens", data={**data, **({"accepted_terms": str(terms)} if terms else {})})
    return Visitor(client, "chief_ida", {"Authorization": f"Bearer {ok(answer)['access_token']}"})


async def test_challenge_is_solved_once() -> None:
    clock = StoppedClock()
    async with server(SignUpMode.OPEN, clock, proof_of_work="altcha", altcha_secret="x" * 32) as (client, eva):
        answer = await solve_challenge(client)
        assert expect_invalid(await apply(client)) == {"altcha": "missing"}
        assert expect_invalid(await apply(client, altcha="e30=")) == {"altcha": "wrong"}
        ok(await apply(client, altcha=answer), 201)
        assert expect_invalid(await apply(client, "bob", altcha=answer)) == {"altcha": "used"}

        old = await solve_challenge(client)
        clock.advance(CHALLENGE_LIFETIME)
        assert expect_invalid(await apply(client, "bob", altcha=old)) == {"altcha": "wrong"}
        assert (await client.get("/v1/users/bob")).status_code == 404
        ok(await apply(client, "eve", invite=(await invite(eva))["code"]), 201)


async def solve_challenge(client: AsyncClient) -> str:
    challenge = ok(await client.get("/v1/sign-up"))["challenge"]
    for number in range(challenge["maxnumber"] + 1):
        if hashlib.sha256(f"{challenge['salt']}{number}".encode()).hexdigest() == challenge["challenge"]:
            return base64.b64encode(json.dumps({**challenge, "number": number}).encode()).decode()
    raise AssertionError("the challenge has no solution")
