"""Guesses of second factors by somebody who knows the password."""

from datetime import timedelta

from httpx import AsyncClient, Response

from domain.rate_limits import PASSKEY_SIGN_IN, SECOND_FACTOR, SIGN_IN_NAME
from entrypoints.asgi import create_app
from tests.doubles import StoppedClock
from tests.entrypoints.limits.conftest import MakeContainer
from tests.entrypoints.limits.visitors import (
    OTHER_ADDRESS,
    client_at,
    max_uses,
    new_client,
    repeat_until_refused,
    sign_in,
)
from tests.entrypoints.rest.factors import add_codes, add_totp, bearer, code_at, second_step
from tests.entrypoints.rest.visitors import Visitor


async def challenge_of(client: AsyncClient) -> str:
    return str((await sign_in(client, "ada")).json()["challenge"])


async def test_wrong_codes_are_limited_for_all_challenges_and_addresses(
    make_container: MakeContainer, clock: StoppedClock
) -> None:
    app = create_app(make_container())
    async with new_client(app, "ada") as ada, client_at(app, OTHER_ADDRESS) as guesser:
        _, secret = await add_totp(Visitor(ada, "ada"), clock)
        clock.advance(timedelta(minutes=1))
        challenges = [await challenge_of(guesser), await challenge_of(guesser)]

        async def guess() -> Response:
            challenges.reverse()
            return await second_step(guesser, challenges[0], second_factor="000000")

        taken, refusal = await repeat_until_refused(guess)
        assert taken == max_uses(SECOND_FACTOR)
        assert SECOND_FACTOR.description in refusal.json()["detail"]
        clock.advance(timedelta(seconds=int(refusal.headers["retry-after"])))
        bearer(await second_step(guesser, challenges[0], second_factor=code_at(secret, clock)))


async def test_password_alone_does_not_reset_the_limit_of_the_name(
    make_container: MakeContainer, clock: StoppedClock
) -> None:
    app = create_app(make_container())
    async with new_client(app, "ada") as ada, client_at(app, OTHER_ADDRESS) as guesser:
        await add_totp(Visitor(ada, "ada"), clock)

        taken, _ = await repeat_until_refused(lambda: sign_in(guesser, "ada"))
        assert taken == max_uses(SIGN_IN_NAME)


async def test_complete_sign_in_resets_the_limit(make_container: MakeContainer, clock: StoppedClock) -> None:
    app = create_app(make_container())
    async with new_client(app, "ada") as ada:
        await add_totp(Visitor(ada, "ada"), clock)
        codes = await add_codes(Visitor(ada, "ada"))
        for code in codes[:2]:
            challenge = await challenge_of(ada)
            for _ in range(max_uses(SECOND_FACTOR) - 1):
                await second_step(ada, challenge, second_factor="000000")
            bearer(await second_step(ada, challenge, second_factor=code))


async def test_passkey_challenges_are_limited_by_address(make_container: MakeContainer) -> None:
    app = create_app(make_container())
    async with client_at(app) as client, client_at(app, OTHER_ADDRESS) as other:
        taken, _ = await repeat_until_refused(lambda: client.post("/v1/tokens/passkey-challenges"))
        assert taken == max_uses(PASSKEY_SIGN_IN)
        assert (await other.post("/v1/tokens/passkey-challenges")).status_code == 201
