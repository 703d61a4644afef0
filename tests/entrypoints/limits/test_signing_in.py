"""Password guessing, and the users it must not lock out."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from fastapi import FastAPI
from httpx import Response

from domain.rate_limits import SIGN_IN_ADDRESS, SIGN_IN_DEVICE, SIGN_IN_NAME, SIGN_UP
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import (
    OTHER_ADDRESS,
    OWN_ADDRESS,
    client_at,
    max_uses,
    new_client,
    page_client_at,
    repeat_until_refused,
    sign_in,
)
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.web.page_client import text_of, token_of

THIRD_ADDRESS = "192.0.2.33"


@pytest.fixture
def app(make_container: MakeContainer) -> FastAPI:
    return create_app(make_container())


async def test_wait_grows_with_wrong_passwords(app: FastAPI, clock: StoppedClock) -> None:
    begun, tried = clock.now(), []
    async with new_client(app, "ada"), client_at(app, OTHER_ADDRESS) as guesser:
        while clock.now() - begun < timedelta(hours=6):
            answer = await sign_in(guesser, "ada", "a wrong password")
            if answer.status_code == 429:
                clock.advance(timedelta(seconds=int(answer.headers["retry-after"])))
            else:
                tried.append(clock.now() - begun)

    within = {minutes: sum(delay < timedelta(minutes=minutes) for delay in tried) for minutes in (1, 60, 360)}
    assert tried[:5] == [timedelta(0)] * 5
    assert 5 < within[1] <= 10
    assert within[1] < within[60] <= 40
    assert within[60] < within[360] <= 63  # the day's 50, and one each 29 minutes


async def test_known_address_can_sign_in_during_guessing(app: FastAPI) -> None:
    async with new_client(app, "ada", OWN_ADDRESS) as ada, client_at(app, OTHER_ADDRESS) as guesser:
        taken, refusal = await repeat_until_refused(lambda: sign_in(guesser, "ada", "a wrong password"))

        assert taken == max_uses(SIGN_IN_NAME)
        assert refusal.json()["code"] == "too_many_requests"
        assert (await sign_in(ada, "ada")).status_code == 200
        assert (await sign_in(ada, "ADA@example.com")).status_code == 200


async def test_concurrent_guesses_take_no_threads_from_known_address() -> None:
    app = create_app(memory_container(config={"rate_limited": True, "passwords": "argon2"}))
    async with new_client(app, "ada", OWN_ADDRESS) as ada, AsyncExitStack() as clients:
        guessers = [await clients.enter_async_context(client_at(app, f"192.0.2.{number}")) for number in range(60)]
        guesses = [
            asyncio.create_task(sign_in(guesser, f"name_{number % 12}", "a wrong password"))
            for number, guesser in enumerate(guessers)
        ]
        await asyncio.wait(guesses, return_when=asyncio.FIRST_COMPLETED)

        answer = await sign_in(ada, "ada")

        statuses = [guess.status_code for guess in await asyncio.gather(*guesses)]

    assert answer.status_code == 200
    assert set(statuses) == {401, 503}  # the threads and the queue of untrusted callers were full


async def test_known_browser_can_sign_in_during_guessing(app: FastAPI) -> None:
    async with page_client_at(app, OWN_ADDRESS) as ada, client_at(app, OTHER_ADDRESS) as guesser:
        await ada.sign_up("ada")
        await ada.client.post("/sign-out", data={"form_token": token_of(await ada.read("/settings"))})
        await repeat_until_refused(lambda: sign_in(guesser, "ada", "a wrong password"))

        async with page_client_at(app, THIRD_ADDRESS) as travelling, page_client_at(app, THIRD_ADDRESS) as anonymous:
            travelling.client.cookies.set("tintype_device", ada.client.cookies["tintype_device"])
            in_time = await travelling.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)
            without = await anonymous.submit("/sign-in", "/sign-in", username="ada", password="a wrong password")

    assert (in_time.status_code, in_time.headers["location"]) == (303, "/")
    assert without.status_code == 422  # the attempts before were forgiven by the right password


async def test_guesses_from_same_address_do_not_affect_known_browser(app: FastAPI) -> None:
    async with page_client_at(app, OWN_ADDRESS) as ada, client_at(app, OWN_ADDRESS) as guesser:
        await ada.sign_up("ada")
        await ada.client.post("/sign-out", data={"form_token": token_of(await ada.read("/settings"))})
        taken, _ = await repeat_until_refused(lambda: sign_in(guesser, "ada", "a wrong password"))

        answer = await ada.submit("/sign-in", "/sign-in", username="ada", password=PASSWORD)

    assert taken == max_uses(SIGN_IN_DEVICE)
    assert answer.status_code == 303


async def test_cookie_of_other_account_does_not_bypass_limit(app: FastAPI) -> None:
    async with new_client(app, "ada", OWN_ADDRESS), page_client_at(app, OTHER_ADDRESS) as mallory:
        await mallory.sign_up("mallory")
        assert mallory.client.cookies["tintype_device"]

        async def guess() -> Response:
            form = {"username": "ada", "password": "a wrong password", "form_token": token}
            return await mallory.client.post("/sign-in", data=form)

        token = token_of(await mallory.read("/settings"))
        taken, refusal = await repeat_until_refused(guess)

    assert taken == max_uses(SIGN_IN_NAME)
    assert "Too many attempts to sign in to this account from an unknown device" in text_of(refusal.text)
    assert refusal.headers["retry-after"] == "12"


async def test_guesses_at_many_accounts_are_limited_by_address(app: FastAPI) -> None:
    async with client_at(app, OTHER_ADDRESS) as guesser:
        names = iter(f"name_{number}" for number in range(100))

        taken, refusal = await repeat_until_refused(lambda: sign_in(guesser, next(names), "a wrong password"))

    assert taken == max_uses(SIGN_IN_ADDRESS)
    assert refusal.json()["limit"] == 30


async def test_unknown_name_is_limited_like_known_one(app: FastAPI) -> None:
    async with client_at(app, OTHER_ADDRESS) as guesser:
        taken, _ = await repeat_until_refused(lambda: sign_in(guesser, "nobody", "a wrong password"))

    assert taken == max_uses(SIGN_IN_NAME)


async def test_sign_ups_are_limited_by_address(app: FastAPI) -> None:
    def person(number: int) -> dict[str, str]:
        return {"username": f"user_{number}", "email": f"{number}@example.org", "password": PASSWORD}

    numbers = iter(range(100))
    async with client_at(app, OTHER_ADDRESS) as client:
        taken, refusal = await repeat_until_refused(lambda: client.post("/v1/users", json=person(next(numbers))))
        async with page_client_at(app, OTHER_ADDRESS) as reader, page_client_at(app, OWN_ADDRESS) as other:
            page = await reader.submit("/sign-up", "/sign-up", **person(next(numbers)))
            elsewhere = await other.submit("/sign-up", "/sign-up", **person(next(numbers)))

    assert taken == max_uses(SIGN_UP)
    assert refusal.json()["code"] == "too_many_requests"
    assert (page.status_code, "new accounts from your address" in text_of(page.text)) == (429, True)
    assert elsewhere.status_code == 303


async def test_invalid_sign_up_does_not_count(app: FastAPI) -> None:
    bad = {"username": "a", "email": "a@example.org", "password": "short"}
    async with client_at(app, OTHER_ADDRESS) as client:
        answers = [await client.post("/v1/users", json=bad) for _ in range(max_uses(SIGN_UP) + 5)]

    assert {answer.status_code for answer in answers} == {422}
