"""Users with second factors."""

from datetime import timedelta
from typing import Any

from httpx import AsyncClient, Response
from pyotp import TOTP

from domain.clock import Clock
from tests.authenticator import Authenticator
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import Json, Visitor, ok


def code_at(secret: str, clock: Clock, steps: int = 0) -> str:
    """The code that an authenticator app shows, so many steps later."""
    return str(TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps)))


async def confirm(visitor: Visitor) -> None:
    ok(await visitor.call("POST", "/me/confirmations", json={"password": PASSWORD}), 204)


async def begin(visitor: Visitor, kind: str) -> Json:
    return ok(await visitor.call("POST", "/me/second-factor-challenges", json={"kind": kind}), 201)


async def add_totp(visitor: Visitor, clock: Clock, name: str = "Phone") -> tuple[Json, str]:
    """Add an authenticator app, and return the factor and its secret."""
    await confirm(visitor)
    begun = await begin(visitor, "totp")
    secret = begun["totp"]["secret"]
    body = {"kind": "totp", "challenge": begun["challenge"], "code": code_at(secret, clock), "name": name}
    return ok(await visitor.call("POST", "/me/second-factors", json=body), 201), secret


async def add_passkey(visitor: Visitor, passkey: Authenticator) -> Json:
    await confirm(visitor)
    begun = await begin(visitor, "passkey")
    body = {"kind": "passkey", "challenge": begun["challenge"], "passkey": passkey.create(begun["passkey"])}
    return ok(await visitor.call("POST", "/me/second-factors", json=body), 201)


async def add_codes(visitor: Visitor) -> list[str]:
    created = ok(await visitor.call("POST", "/me/second-factors", json={"kind": "recovery_codes"}), 201)
    return list(created["codes"])


async def sign_in(client: AsyncClient, name: str = "ada", /, **fields: Any) -> Response:
    return await client.post("/v1/tokens", data={"username": name, "password": PASSWORD, **fields})


async def first_step(client: AsyncClient, name: str = "ada") -> str:
    """The challenge after a correct password."""
    answer = await sign_in(client, name)
    assert answer.json()["code"] == "second_factor_required", answer.text
    return str(answer.json()["challenge"])


async def second_step(client: AsyncClient, challenge: str, **fields: str) -> Response:
    return await client.post("/v1/tokens", data={"challenge": challenge, **fields})


def bearer(answer: Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {ok(answer)['access_token']}"}
