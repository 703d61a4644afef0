"""Modes of sign-up, invitations and approvals, in the web UI."""

import base64
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from domain.roles import Role
from domain.sign_ups import SignUpMode
from domain.users import SignUp
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of

ADA = {"username": "ada", "email": "ada@example.org", "password": PASSWORD}


@asynccontextmanager
async def readers(mode: SignUpMode, **config: str) -> AsyncIterator[tuple[PageClient, PageClient]]:
    """A visitor and a moderator of a server in that mode."""
    container = memory_container(config={"sign_up": mode, **config})
    await container.accounts().sign_up(SignUp("mod_eva", "eva@example.org", PASSWORD, role=Role.MODERATOR))
    await container.accounts().sign_up(SignUp("chief_ida", "ida@example.org", PASSWORD, role=Role.ADMIN))
    app = create_app(container)
    async with PageClient(app) as visitor, PageClient(app) as moderator:
        await moderator.submit("/sign-in", "/sign-in", username="mod_eva", password=PASSWORD)
        yield visitor, moderator


async def test_closed_server_shows_no_form() -> None:
    async with readers(SignUpMode.CLOSED) as (visitor, _):
        page = await visitor.read("/sign-up")

        assert "takes no sign-ups at present" in page
        assert 'name="username"' not in page


async def test_moderator_invites_and_withdraws() -> None:
    async with readers(SignUpMode.INVITE) as (visitor, eva):
        assert "/invites" in await eva.read("/moderation")
        assert (await eva.submit("/invites", "/invites", max_uses="0", days="x")).status_code == 422
        assert (await eva.submit("/invites", "/invites", max_uses="1", days="7")).status_code == 303
        page = await eva.read("/invites")
        link = re.search(r"http://tintype.test(/sign-up\?invite=([^<]+))", page)
        invite_id = re.search(r'name="invite_id" value="([^"]+)"', page)
        assert link
        assert invite_id

        assert f'value="{link[2]}"' in await visitor.read(link[1])
        refused = await visitor.submit("/sign-up", "/sign-up", **ADA, invite="none")
        assert "no invitation of this server" in text_of(refused.text)
        damaged = await visitor.submit("/sign-up", "/sign-up", **ADA, invite="a\0b")
        assert damaged.status_code == 422
        accepted = await visitor.submit("/sign-up", "/sign-up", **ADA, invite=link[2])
        assert accepted.headers["location"] == "/"
        assert "1 of 1 sign-up" in text_of(await eva.read("/invites"))
        await eva.submit("/invites", "/invites/delete", invite_id=invite_id[1])
        assert "No invitations" in await eva.read("/invites")


async def test_moderator_approves_applicant() -> None:
    async with readers(SignUpMode.APPROVAL) as (visitor, eva):
        assert (await visitor.submit("/sign-up", "/sign-up", **ADA)).status_code == 422
        assert (await visitor.submit("/sign-up", "/sign-up", **ADA, reason="I draw.")).status_code == 303
        for path in ("/", "/explore", "/settings", "/invites"):
            answer = await visitor.get(path)
            assert answer.status_code == 403
            assert "Your account waits for approval" in answer.text
        assert "I draw." in await eva.read("/moderation/sign-ups")

        await eva.submit("/moderation/sign-ups", "/moderation/sign-ups", username="ada", decision="approve")

        assert "No sign-up waits" in await eva.read("/moderation/sign-ups")
        assert "Settings" in await visitor.read("/settings")


@pytest.mark.parametrize("decision", ["", "Refuse", "delete"])
async def test_unknown_decision_changes_nothing(decision: str) -> None:
    async with readers(SignUpMode.APPROVAL) as (visitor, eva):
        await visitor.submit("/sign-up", "/sign-up", **ADA, reason="I draw.")

        answer = await eva.submit("/moderation/sign-ups", "/moderation/sign-ups", username="ada", decision=decision)

        assert answer.status_code == 422
        assert "must be approve or refuse" in text_of(answer.text)
        assert "I draw." in await eva.read("/moderation/sign-ups")
        assert "No entries" in await eva.read("/moderation/log")


async def test_moderator_refuses_applicant() -> None:
    async with readers(SignUpMode.APPROVAL) as (visitor, eva):
        await visitor.submit("/sign-up", "/sign-up", **ADA, reason="spam")

        await eva.submit("/moderation/sign-ups", "/moderation/sign-ups", username="ada", decision="refuse")

        assert (await visitor.get("/settings")).headers["location"].startswith("/sign-in")


async def test_applicant_deletes_account() -> None:
    async with readers(SignUpMode.APPROVAL) as (visitor, eva):
        await visitor.submit("/sign-up", "/sign-up", **ADA, reason="I draw.")
        token = re.search(r'name="form_token" value="([^"]+)"', (await visitor.get("/")).text)
        assert token
        form = {"form_token": token[1]}
        wrong = await visitor.client.post("/settings/delete", data={**form, "password": "not it at all"})
        assert wrong.status_code == 422
        assert "nothing was deleted" in wrong.text

        assert (await visitor.client.post("/settings/delete", data={**form, "password": PASSWORD})).status_code == 303

        assert "No sign-up waits" in await eva.read("/moderation/sign-ups")


async def test_pages_of_moderators_are_hidden_from_users() -> None:
    async with readers(SignUpMode.OPEN) as (visitor, _):
        await visitor.sign_up("ada")
        for path in ("/moderation/sign-ups", "/invites"):
            assert (await visitor.get(path)).status_code == 404
            assert path not in await visitor.read("/settings")


async def test_admin_publishes_terms_that_users_accept() -> None:
    async with readers(SignUpMode.OPEN) as (visitor, eva):
        assert "This server has no terms." in await visitor.read("/terms")
        await visitor.sign_up("ada")
        await visitor.submit("/settings", "/sign-out")
        await eva.submit("/settings", "/sign-out")
        await eva.submit("/sign-in", "/sign-in", username="chief_ida", password=PASSWORD)
        assert (await eva.submit("/terms", "/terms", text=" ")).status_code == 422
        assert (await eva.submit("/terms", "/terms", text="Be <kind>.")).status_code == 303

        assert "Be &lt;kind&gt;." in await visitor.read("/terms")
        assert "(version 1)" in text_of(await visitor.read("/sign-up"))
        bob = {"username": "bob", "email": "bob@example.org", "password": PASSWORD}
        refused = await visitor.submit("/sign-up", "/sign-up", **bob)
        assert "version of the terms that you read" in text_of(refused.text)
        asked = await visitor.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)
        assert asked.status_code == 422
        assert "The terms have changed: accept version 1" in asked.text
        signed_in = await visitor.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD, accepted_terms="1")
        assert signed_in.status_code == 303


async def test_form_with_challenge_needs_answer() -> None:
    async with readers(SignUpMode.OPEN, proof_of_work="memory") as (visitor, _):
        page = await visitor.read("/sign-up")
        refused = await visitor.submit("/sign-up", "/sign-up", **ADA, altcha="")
        challenge = re.search(r"challenge \d+", page)
        assert challenge
        assert refused.status_code == 422
        answer = base64.b64encode(json.dumps({"challenge": challenge[0], "number": 1}).encode()).decode()

        assert (await visitor.submit("/sign-up", "/sign-up", **ADA, altcha=answer)).status_code == 303
