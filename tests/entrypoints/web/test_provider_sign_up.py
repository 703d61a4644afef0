"""Accounts created by a provider obey the mode of sign-up, the terms and the proof of work, in memory and on
PostgreSQL."""

import base64
import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from pyotp import TOTP

from container import Container
from domain.invites import InviteRequest
from domain.sign_ups import SignUpMode
from domain.terms import NewTerms
from domain.users import SignUp
from tests.containers import container_for
from tests.doubles import StoppedClock
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of, token_of
from tests.entrypoints.web.test_provider import is_signed_in, sign_in
from tests.entrypoints.web.test_second_factors import add_totp, confirm, send
from tests.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, run_provider

EVE = {"username": "eve", "email": "eve@example.org", "password": PASSWORD}
CREATE, LINK, TERMS = "/sign-in/provider/create", "/sign-in/provider/link", "/sign-in/provider/terms"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with run_provider() as provider:
        provider.user = {"sub": "u-7", "email": "eve@example.org", "email_verified": True, "preferred_username": "eve"}
        yield provider


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings that a test replaces by a parameter."""
    return {}


@pytest.fixture
async def container(
    either_store: str | None, provider: FakeProvider, clock: StoppedClock, settings: dict[str, Any]
) -> AsyncIterator[Container]:
    config = {
        "identity_provider": "oidc",
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_name": "Acme",
        **settings,
    }
    async with container_for(either_store, clock=clock, config=config) as container:
        yield container


async def publish_terms(container: Container) -> None:
    await container.terms_publishing().publish(NewTerms("Be kind."))


async def exists(container: Container, name: str) -> bool:
    return await container.storage().user_reader.account(name) is not None


@pytest.mark.parametrize("settings", [{"sign_up": SignUpMode.CLOSED}])
async def test_closed_server_creates_no_account(
    anonymous: PageClient, container: Container, provider: FakeProvider
) -> None:
    refused = await sign_in(anonymous)
    assert (refused.status_code, "no account here is linked" in refused.text) == (422, True)

    await container.accounts().sign_up(SignUp("eve", "eve@example.org", PASSWORD))
    known = await sign_in(anonymous)
    forged = await anonymous.client.post(CREATE, data={**hidden(known), **EVE, "username": "mallory"})
    assert (forged.status_code, await exists(container, "mallory")) == (422, False)
    assert (await send(anonymous, known, LINK, password=PASSWORD)).status_code == 303
    assert await is_signed_in(anonymous, "eve")


def hidden(page: Response) -> dict[str, str]:
    return dict(re.findall(r'name="(form_token|challenge)" value="([^"]*)"', page.text))


@pytest.mark.parametrize("settings", [{"sign_up": SignUpMode.INVITE}])
async def test_invitation_is_needed_and_used_up(
    anonymous: PageClient, app: FastAPI, container: Container, provider: FakeProvider
) -> None:
    code = (await container.inviting().create(InviteRequest())).code
    form = await sign_in(anonymous)
    assert 'name="invite"' in form.text
    for wrong, reason in (("", "needs an invitation"), ("none", "no invitation of this server")):
        form = await send(anonymous, form, CREATE, **EVE, invite=wrong)
        assert (form.status_code, reason in text_of(form.text)) == (422, True)
    assert not await exists(container, "eve")

    assert (await send(anonymous, form, CREATE, **EVE, invite=code)).status_code == 303
    assert await is_signed_in(anonymous, "eve")
    provider.user = {"sub": "u-8", "email": "max@example.org", "email_verified": True}
    async with PageClient(app) as later:
        other = {"username": "max", "email": "max@example.org", "password": PASSWORD}
        refused = await send(later, await sign_in(later), CREATE, **other, invite=code)
        assert (refused.status_code, "is used up" in text_of(refused.text)) == (422, True)
    assert not await exists(container, "max")


@pytest.mark.parametrize("settings", [{"sign_up": SignUpMode.APPROVAL}])
async def test_applicant_waits_for_approval_also_at_later_sign_ins(
    anonymous: PageClient, app: FastAPI, container: Container
) -> None:
    form = await send(anonymous, await sign_in(anonymous), CREATE, **EVE, reason=" ")
    assert (form.status_code, await exists(container, "eve")) == (422, False)
    assert (await send(anonymous, form, CREATE, **EVE, reason="I draw.")).status_code == 303

    async with PageClient(app) as later:
        assert (await sign_in(later)).status_code == 303
        for reader in (anonymous, later):
            for path in ("/", "/settings", "/settings/second-factors", "/sign-in/provider?link=yes"):
                answer = await reader.get(path)
                assert (answer.status_code, "Your account waits for approval" in answer.text) == (403, True), path
        await container.signing_up().approve("eve")
        assert await is_signed_in(later, "eve")


async def test_terms_are_accepted_by_the_new_account(anonymous: PageClient, container: Container) -> None:
    await publish_terms(container)
    form = await sign_in(anonymous)
    assert "(version 1)" in text_of(form.text)

    for version in ("", "2"):
        form = await send(anonymous, form, CREATE, **EVE, accepted_terms=version)
        assert (form.status_code, "version of the terms that you read" in text_of(form.text)) == (422, True)
    assert not await exists(container, "eve")
    assert (await send(anonymous, form, CREATE, **EVE, accepted_terms="1")).status_code == 303
    assert await is_signed_in(anonymous, "eve")


async def test_new_terms_are_accepted_before_the_sign_in_ends(
    ada: PageClient, anonymous: PageClient, container: Container, provider: FakeProvider
) -> None:
    await confirm(ada)
    assert (await sign_in(ada, "/sign-in/provider?link=yes")).status_code == 303
    await publish_terms(container)

    page = await sign_in(anonymous, "/sign-in/provider?next=/explore")
    assert (page.status_code, "The terms have changed" in page.text) == (200, True)
    assert not await is_signed_in(anonymous, "ada")
    first = page
    for version in ("", "2"):
        page = await send(anonymous, page, TERMS, accepted_terms=version)
        assert "The terms have changed" in page.text
        assert not await is_signed_in(anonymous, "ada")
    accepted = await send(anonymous, page, TERMS, accepted_terms="1")
    assert (accepted.status_code, accepted.headers["location"]) == (303, "/explore")
    assert await is_signed_in(anonymous, "ada")
    token = token_of(await anonymous.read("/settings"))
    assert (await send(anonymous, first, TERMS, accepted_terms="1", form_token=token)).status_code == 422
    await anonymous.submit("/settings", "/sign-out")
    assert (await sign_in(anonymous)).status_code == 303


async def test_new_terms_are_accepted_after_a_link(
    ada: PageClient, anonymous: PageClient, container: Container, provider: FakeProvider
) -> None:
    provider.user = {"sub": "u-1", "email": "ada@example.org", "email_verified": True}
    await publish_terms(container)
    page = await send(anonymous, await sign_in(anonymous), LINK, password=PASSWORD)
    assert "The terms have changed" in page.text
    assert not await is_signed_in(anonymous, "ada")
    assert (await send(anonymous, page, TERMS, accepted_terms="1")).status_code == 303
    assert await is_signed_in(anonymous, "ada")


async def test_terms_are_no_second_factor(
    ada: PageClient, anonymous: PageClient, container: Container, clock: StoppedClock
) -> None:
    secret = await add_totp(ada, clock)
    assert (await sign_in(ada, "/sign-in/provider?link=yes")).status_code == 303
    await publish_terms(container)
    clock.advance(timedelta(minutes=1))

    step = await send(anonymous, await sign_in(anonymous), TERMS, accepted_terms="1")
    assert "Second step" in step.text
    assert not await is_signed_in(anonymous, "ada")
    code = TOTP(secret).at(clock.now())
    assert (await send(anonymous, step, "/sign-in/second-step", second_factor=code)).status_code == 303
    assert await is_signed_in(anonymous, "ada")


@pytest.mark.parametrize("settings", [{"proof_of_work": "memory"}])
async def test_proof_of_work_is_needed(anonymous: PageClient, container: Container) -> None:
    form = await send(anonymous, await sign_in(anonymous), CREATE, **EVE, altcha="")
    assert (form.status_code, await exists(container, "eve")) == (422, False)
    challenge = re.search(r"challenge \d+", form.text)
    assert challenge
    answer = base64.b64encode(json.dumps({"challenge": challenge[0], "number": 1}).encode()).decode()
    assert (await send(anonymous, form, CREATE, **EVE, altcha=answer)).status_code == 303
    assert await is_signed_in(anonymous, "eve")
