"""Second factors on the pages, without scripts."""

import html
import json
import re
from datetime import timedelta

import pytest
from httpx import Response
from pyotp import TOTP

from container import Container
from domain.roles import Role
from domain.terms import NewTerms
from domain.tokens import FactorRequirement
from domain.users import SignUp
from tests.authenticator import Authenticator
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.web.page_client import PASSWORD, PageClient, text_of, token_of

PAGE = "/settings/second-factors"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def container(clock: StoppedClock) -> Container:
    return memory_container(clock=clock, config={"passkeys": "webauthn"})


async def send(reader: PageClient, page: Response, to: str, **fields: str) -> Response:
    """Submit the form of a page that is the response to another form, with its hidden fields."""
    form = page.text[page.text.index(f'action="{to}"') :]
    form = form[: form.index("</form>")]
    hidden = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    return await reader.client.post(to, data={**hidden, **fields})


def options_of(page: Response) -> dict[str, object]:
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found, page.text
    return dict(json.loads(html.unescape(found[1])))


async def confirm(reader: PageClient) -> None:
    answer = await reader.submit(PAGE, f"{PAGE}/confirm", current=PASSWORD)
    assert answer.headers["location"] == PAGE


async def add_totp(reader: PageClient, clock: StoppedClock) -> str:
    await confirm(reader)
    page = await reader.submit(PAGE, f"{PAGE}/totp")
    secret = re.search(r"Key: <code>(\w+)</code>", page.text)
    assert secret
    assert 'src="data:image/svg+xml' in page.text
    answer = await send(reader, page, f"{PAGE}/totp/add", code=TOTP(secret[1]).at(clock.now()), name="Phone")
    assert answer.headers["location"] == f"{PAGE}?saved=added"
    return secret[1]


async def sign_in(reader: PageClient, **fields: str) -> Response:
    return await reader.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD, **fields)


async def test_authenticator_app_is_added_and_asked_for(
    ada: PageClient, anonymous: PageClient, clock: StoppedClock
) -> None:
    secret = await add_totp(ada, clock)
    assert "Phone authenticator app" in text_of(await ada.read(PAGE))
    assert secret not in await ada.read(PAGE)
    clock.advance(timedelta(minutes=1))

    page = await sign_in(anonymous, next="/explore")
    assert (page.status_code, "Second step" in page.text) == (200, True)
    wrong = await send(anonymous, page, "/sign-in/second-step", second_factor="1234567")
    assert (wrong.status_code, "must be the 6 digits" in wrong.text) == (422, True)
    assert (await anonymous.get("/settings")).status_code == 303
    right = await send(anonymous, wrong, "/sign-in/second-step", second_factor=TOTP(secret).at(clock.now()))
    assert (right.status_code, right.headers["location"]) == (303, "/explore")
    assert "Sessions" in await anonymous.read("/settings")


async def test_late_second_step_asks_for_the_password_again(
    ada: PageClient, anonymous: PageClient, clock: StoppedClock
) -> None:
    secret = await add_totp(ada, clock)
    page = await sign_in(anonymous)
    clock.advance(timedelta(minutes=5))

    late = await send(anonymous, page, "/sign-in/second-step", second_factor=TOTP(secret).at(clock.now()))
    assert (late.status_code, "Enter your password again" in late.text) == (422, True)


async def test_recovery_codes_are_shown_once(ada: PageClient, anonymous: PageClient, clock: StoppedClock) -> None:
    await add_totp(ada, clock)
    page = await ada.submit(PAGE, f"{PAGE}/recovery-codes")
    codes = re.findall(r"<li><code>([a-z2-7-]+)</code>", page.text)
    assert len(codes) == 10
    later = await ada.read(PAGE)
    assert not any(code in later for code in codes)

    step = await sign_in(anonymous)
    assert (await send(anonymous, step, "/sign-in/second-step", second_factor=codes[0])).status_code == 303


async def test_factors_are_changed_after_a_confirmation_only(ada: PageClient, clock: StoppedClock) -> None:
    await add_totp(ada, clock)
    page = await ada.read(PAGE)
    factor = re.search(r'name="factor_id" value="([^"]+)"', page)
    assert factor
    clock.advance(timedelta(minutes=10))
    assert "Remove" not in text_of(await ada.read(PAGE))
    for to in ("totp", "passkey", "recovery-codes"):
        assert (await ada.submit(PAGE, f"{PAGE}/{to}")).status_code == 403
    assert (await ada.submit(PAGE, f"{PAGE}/remove", factor_id=factor[1])).status_code == 403
    wrong = await ada.submit(PAGE, f"{PAGE}/confirm", current="wrong horse battery")
    assert (wrong.status_code, "password is wrong" in wrong.text) == (401, True)

    await confirm(ada)
    removed = await ada.submit(PAGE, f"{PAGE}/remove", factor_id=factor[1])
    assert removed.headers["location"] == f"{PAGE}?saved=removed"
    assert "You have none" in await ada.read(PAGE)


async def test_passkey_is_added_and_signs_in_alone(ada: PageClient, anonymous: PageClient) -> None:
    passkey = Authenticator()
    await confirm(ada)
    page = await ada.submit(PAGE, f"{PAGE}/passkey")
    assert "needs JavaScript" in page.text
    response = json.dumps(passkey.create(options_of(page)))
    added = await send(ada, page, f"{PAGE}/passkey/add", passkey=response, name="Key")
    assert added.headers["location"] == f"{PAGE}?saved=added"

    step = await anonymous.submit("/sign-in", "/sign-in/passkey", next="/explore")
    empty = await send(anonymous, step, "/sign-in/second-step", passkey="")
    assert (empty.status_code, "passkey" in text_of(empty.text)) == (422, True)
    response = json.dumps(passkey.get(options_of(empty)))
    signed_in = await send(anonymous, empty, "/sign-in/second-step", passkey=response)
    assert signed_in.headers["location"] == "/explore"
    replay = await send(
        anonymous, empty, "/sign-in/second-step", passkey=response, form_token=token_of(await anonymous.read(PAGE))
    )
    assert replay.status_code == 422


async def test_administrator_is_told_that_rights_need_a_second_factor(
    anonymous: PageClient, container: Container, clock: StoppedClock
) -> None:
    container.config.require_second_factor.override(FactorRequirement.MODERATORS)
    await container.accounts().sign_up(SignUp("ada", "ada@example.com", PASSWORD, role=Role.ADMIN))
    await sign_in(anonymous)
    assert "Your rights as admin need a second factor" in await anonymous.read(PAGE)
    for path in ("/operator", "/moderation"):
        refused = await anonymous.get(path)
        assert (refused.status_code, "need a second factor" in refused.text) == (403, True)

    await add_totp(anonymous, clock)
    assert "Your rights as admin" not in await anonymous.read(PAGE)
    assert (await anonymous.get("/operator")).status_code == 200


async def test_operator_resets_factors(ada: PageClient, container: Container, clock: StoppedClock) -> None:
    await add_totp(ada, clock)

    user = (await container.accounts().account("Ada")).user
    assert await container.factor_enrolment().reset(user.id) == 1
    assert (await ada.get("/settings")).status_code == 303
    assert (await sign_in(ada)).status_code == 303


async def test_new_terms_are_accepted_with_the_second_step(
    ada: PageClient, anonymous: PageClient, container: Container, clock: StoppedClock
) -> None:
    secret = await add_totp(ada, clock)
    clock.advance(timedelta(minutes=1))
    step = await sign_in(anonymous, next="/explore")
    await container.terms_publishing().publish(NewTerms("Be kind."))

    code = TOTP(secret).at(clock.now())
    asked = await send(anonymous, step, "/sign-in/second-step", second_factor=code)
    assert (asked.status_code, "accept version 1" in asked.text) == (422, True)
    assert (await anonymous.get("/settings")).status_code == 303
    again = await send(anonymous, asked, "/sign-in/second-step", second_factor=code, accepted_terms="")
    assert again.status_code == 422
    done = await send(anonymous, again, "/sign-in/second-step", second_factor=code)
    assert (done.status_code, done.headers["location"]) == (303, "/explore")


async def test_token_of_a_program_has_the_second_factor_of_its_session(
    anonymous: PageClient, container: Container, clock: StoppedClock
) -> None:
    container.config.require_second_factor.override(FactorRequirement.MODERATORS)
    await container.accounts().sign_up(SignUp("ada", "ada@example.com", PASSWORD, role=Role.ADMIN))
    await sign_in(anonymous)
    form = {"name": "queue", "scopes": ["moderate"], "days": "7", "password": PASSWORD}
    statuses = []
    for _ in range(2):
        page = await anonymous.submit("/settings", "/settings/tokens", **form)
        secret = re.search(r"It is not shown again: (\S+)", text_of(page.text))
        assert secret
        headers = {"Authorization": f"Bearer {secret[1]}", "Accept": "application/json"}
        statuses.append((await anonymous.client.get("/v1/moderation/reports", headers=headers)).status_code)
        await add_totp(anonymous, clock)
    assert statuses == [403, 200]
