"""Sign-in with a real OpenID Connect provider on this machine, in memory and on PostgreSQL."""

import html
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from joserfc.jwk import OctKey, RSAKey
from pyotp import TOTP

from container import Container
from entrypoints.asgi import create_app
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import StoppedClock
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of
from tests.entrypoints.web.test_second_factors import add_totp, confirm, send
from tests.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, run_provider
from tests.suspension import suspend

SETTINGS = "/settings/second-factors"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    with run_provider() as provider:
        yield provider


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def creates() -> bool:
    return True


@pytest.fixture
async def container(
    either_store: str | None, provider: FakeProvider, clock: StoppedClock, creates: bool
) -> AsyncIterator[Container]:
    config = {
        "identity_provider": "oidc",
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_name": "Acme",
        "oidc_creates_accounts": creates,
    }
    if either_store is None:
        yield memory_container(clock=clock, config=config)
        return
    await empty_database(either_store)
    container = postgres_container(either_store, clock=clock, config=config)
    yield container
    await container.database().close()


async def visit_provider(reader: PageClient, start: str = "/sign-in/provider") -> str:
    """Go to the provider, whose user agrees, and return the address on this site to which it redirects."""
    begun = await reader.get(start)
    assert begun.status_code == 303, begun.text
    async with AsyncClient() as browser:
        agreed = await browser.get(begun.headers["location"])
    assert agreed.status_code == 302, agreed.text
    location = agreed.headers["location"]
    assert location.startswith("http://tintype.test/sign-in/provider/callback?")
    return location.removeprefix("http://tintype.test")


async def sign_in(reader: PageClient, start: str = "/sign-in/provider") -> Response:
    return await reader.get(await visit_provider(reader, start))


async def link(reader: PageClient) -> None:
    await confirm(reader)
    linked = await sign_in(reader, "/sign-in/provider?link=yes")
    assert linked.headers["location"] == f"{SETTINGS}?saved=linked"


async def is_signed_in(reader: PageClient, name: str) -> bool:
    page = await reader.get("/settings")
    return page.status_code == 200 and f'value="{name}"' in page.text


async def test_new_user_creates_an_account_and_signs_in_with_it(
    anonymous: PageClient, app: FastAPI, provider: FakeProvider
) -> None:
    provider.user = {"sub": "u-7", "email": "eve@example.org", "email_verified": True, "preferred_username": "eve"}
    assert "Sign in with Acme" in await anonymous.read("/sign-in")
    form = await sign_in(anonymous, "/sign-in/provider?next=/explore")
    assert 'value="eve@example.org"' in form.text

    assert 'value="eve"' in form.text
    typed = {"username": "eve", "email": "eve@example.org"}
    refused = await send(anonymous, form, "/sign-in/provider/create", **typed, password="short")
    assert refused.status_code == 422
    created = await send(anonymous, refused, "/sign-in/provider/create", **typed, password=PASSWORD)
    assert (created.status_code, created.headers["location"]) == (303, "/explore")
    assert await is_signed_in(anonymous, "eve")
    async with PageClient(app) as later:
        assert (await sign_in(later, "/sign-in/provider?next=/explore")).headers["location"] == "/explore"
        assert await is_signed_in(later, "eve")


@pytest.mark.parametrize("creates", [False])
async def test_accounts_are_not_created_where_the_operator_forbids_it(
    anonymous: PageClient, ada: PageClient, provider: FakeProvider
) -> None:
    provider.user = {"sub": "u-7", "email": "eve@example.org", "email_verified": True}
    refused = await sign_in(anonymous)
    assert (refused.status_code, "no account here is linked" in refused.text) == (422, True)

    provider.user = {"sub": "u-1", "email": "ada@example.org", "email_verified": True}
    assert "Enter its password once" in text_of((await sign_in(anonymous)).text)


async def test_verified_address_is_linked_after_the_password_only(
    ada: PageClient, anonymous: PageClient, app: FastAPI
) -> None:
    form = await sign_in(anonymous)
    assert "ada@example.org exists here already" in text_of(form.text)
    wrong = await send(anonymous, form, "/sign-in/provider/link", password="wrong horse battery")
    assert wrong.status_code == 401
    assert not await is_signed_in(anonymous, "ada")

    linked = await send(anonymous, wrong, "/sign-in/provider/link", password=PASSWORD)
    assert linked.status_code == 303, linked.text
    async with PageClient(app) as later:
        assert (await sign_in(later)).headers["location"] == "/"
        assert await is_signed_in(later, "ada")


async def test_address_in_the_form_is_not_trusted(ada: PageClient, bob: PageClient, app: FastAPI) -> None:
    async with PageClient(app) as eve:
        form = await sign_in(eve)
        await send(eve, form, "/sign-in/provider/link", email="bob@example.org", password=PASSWORD)
        assert await is_signed_in(eve, "ada")


@pytest.mark.parametrize("verified", [False, None, "true"])
async def test_unverified_address_links_nothing(
    ada: PageClient, anonymous: PageClient, provider: FakeProvider, verified: Any
) -> None:
    provider.user["email_verified"] = verified
    form = await sign_in(anonymous)
    assert "Create your account" in form.text
    assert "ada@example.org" not in form.text

    taken = await send(
        anonymous, form, "/sign-in/provider/create", username="eve", email="ada@example.org", password=PASSWORD
    )
    assert taken.status_code == 409


async def test_issuer_and_subject_alone_identify_an_account(
    ada: PageClient, anonymous: PageClient, provider: FakeProvider
) -> None:
    await link(ada)
    provider.user = {"sub": "u-2", "email": "ada@example.org", "email_verified": True}
    assert "Enter its password once" in text_of((await sign_in(anonymous)).text)
    provider.user = {"sub": "u-1", "email": "other@example.org", "email_verified": True}
    assert (await sign_in(anonymous)).status_code == 303
    assert await is_signed_in(anonymous, "ada")


async def test_account_is_linked_to_one_user_and_can_be_unlinked(
    ada: PageClient, bob: PageClient, anonymous: PageClient
) -> None:
    await link(ada)
    await confirm(bob)
    taken = await sign_in(bob, "/sign-in/provider?link=yes")
    assert taken.status_code == 409

    page = await ada.read(SETTINGS)
    identity = re.search(r'name="identity_id" value="([^"]+)"', page)
    assert identity
    theirs = await bob.submit(SETTINGS, "/settings/identities/remove", identity_id=identity[1])
    assert theirs.status_code == 404
    removed = await ada.submit(SETTINGS, "/settings/identities/remove", identity_id=identity[1])
    assert removed.headers["location"] == f"{SETTINGS}?saved=unlinked"
    assert (await sign_in(anonymous)).status_code == 200


async def test_linking_needs_a_confirmed_session(ada: PageClient) -> None:
    assert (await ada.get("/sign-in/provider?link=yes")).headers["location"] == SETTINGS


async def test_second_factor_is_asked_for(ada: PageClient, anonymous: PageClient, clock: StoppedClock) -> None:
    secret = await add_totp(ada, clock)
    await link(ada)
    clock.advance(timedelta(minutes=1))

    step = await sign_in(anonymous, "/sign-in/provider?next=/explore")
    assert "Second step" in step.text
    assert not await is_signed_in(anonymous, "ada")
    done = await send(anonymous, step, "/sign-in/second-step", second_factor=TOTP(secret).at(clock.now()))
    assert (done.status_code, done.headers["location"]) == (303, "/explore")
    assert await is_signed_in(anonymous, "ada")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "/\t/evil.example"])
async def test_sign_in_never_leads_to_another_site(
    ada: PageClient, anonymous: PageClient, clock: StoppedClock, target: str
) -> None:
    await link(ada)
    start = f"/sign-in/provider?next={quote(target, safe='')}"
    assert (await sign_in(anonymous, start)).headers["location"] == "/"
    await anonymous.submit("/settings", "/sign-out")

    secret = await add_totp(ada, clock)
    clock.advance(timedelta(minutes=1))
    step = await sign_in(anonymous)
    code = TOTP(secret).at(clock.now())
    done = await send(anonymous, step, "/sign-in/second-step", second_factor=code, next=target)
    assert done.headers["location"] == "/"


async def test_suspended_user_is_refused_after_the_visit(
    ada: PageClient, anonymous: PageClient, container: Container
) -> None:
    await link(ada)
    await suspend(container, "ada")
    refused = await sign_in(anonymous)
    assert (refused.status_code, 'action="/appeal"' in refused.text, "it is spam" in refused.text) == (403, True, True)
    assert not await is_signed_in(anonymous, "ada")


async def test_state_is_used_once_by_the_browser_that_began(
    ada: PageClient, bob: PageClient, anonymous: PageClient, clock: StoppedClock
) -> None:
    await link(ada)
    callback = await visit_provider(anonymous)
    for state in ("", "forged", "\u20ac"):
        forged = await anonymous.client.get("/sign-in/provider/callback", params={"state": state, "code": "code-0"})
        assert (forged.status_code, "has expired" in forged.text) == (422, True)
    assert (await anonymous.get(callback)).status_code == 303
    assert (await anonymous.get(callback)).status_code == 422

    stolen = await visit_provider(anonymous)
    elsewhere = await bob.get(stolen)
    assert (elsewhere.status_code, "another browser" in elsewhere.text) == (422, True)
    assert await is_signed_in(bob, "bob")

    late = await visit_provider(anonymous)
    clock.advance(timedelta(minutes=5))
    assert (await anonymous.get(late)).status_code == 422


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "u-1\0"},
        {"sub": "u" * 256},
    ],
    ids=str,
)
async def test_wrong_id_token_is_refused(
    ada: PageClient, anonymous: PageClient, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    await link(ada)
    provider.claims = claims
    refused = await sign_in(anonymous)
    assert (refused.status_code, "sign-in with the provider failed" in refused.text) == (422, True)
    assert not await is_signed_in(anonymous, "ada")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (RSAKey.generate_key(2048, {"kid": "first"}), "RS256"),
        (RSAKey.generate_key(2048, {"kid": "unknown"}), "RS256"),
        (OctKey.import_key(CLIENT_SECRET, {"kid": "first"}), "HS256"),
    ],
)
async def test_id_token_of_another_key_is_refused(
    ada: PageClient, anonymous: PageClient, provider: FakeProvider, key: RSAKey | OctKey, algorithm: str
) -> None:
    await link(ada)
    provider.signing_key, provider.algorithm = key, algorithm
    assert (await sign_in(anonymous)).status_code == 422


async def test_new_keys_of_the_provider_are_accepted(
    ada: PageClient, anonymous: PageClient, provider: FakeProvider
) -> None:
    await link(ada)
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    assert (await sign_in(anonymous)).status_code == 303


@pytest.mark.parametrize("claim", ["a\0@example.org", "a" * 256, 7, ["ada@example.org"]], ids=repr)
async def test_claims_that_cannot_be_stored_are_left_out(
    anonymous: PageClient, provider: FakeProvider, claim: Any
) -> None:
    provider.claims = {"email": claim, "preferred_username": claim}
    form = await sign_in(anonymous)
    assert "Create your account" in form.text
    assert re.findall(r'value="([^"]*)"[^>]*autocomplete="(?:username|email)"', form.text) == ["", ""]


async def test_refusal_of_the_provider_is_explained(anonymous: PageClient) -> None:
    callback = await visit_provider(anonymous)
    declined = await anonymous.get(re.sub("code=[^&]+", "error=access_denied", callback))
    assert (declined.status_code, "its user or its operator declined" in declined.text) == (422, True)


async def test_forged_code_is_refused(anonymous: PageClient) -> None:
    callback = await visit_provider(anonymous)
    refused = await anonymous.get(re.sub("code=[^&]+", "code=forged", callback))
    assert (refused.status_code, "invalid_grant" in html.unescape(refused.text)) == (422, True)


async def test_unreachable_provider_is_reported() -> None:
    config = {"identity_provider": "oidc", "oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT_ID}
    async with PageClient(create_app(memory_container(config=config))) as reader:
        answer = await reader.get("/sign-in/provider")
        assert (answer.status_code, "cannot be reached" in answer.text) == (503, True)
        assert "127.0.0.1:9" not in answer.text


async def test_site_without_provider_offers_none() -> None:
    async with PageClient(create_app(memory_container(config={"identity_provider": "off"}))) as reader:
        assert "/sign-in/provider" not in await reader.read("/sign-in")
        assert (await reader.get("/sign-in/provider")).status_code == 404
