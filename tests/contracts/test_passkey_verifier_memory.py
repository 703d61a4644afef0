import pytest

from adapters.memory.passkeys import MemoryPasskeyVerifier
from domain.passkeys import Json, PasskeyVerifier
from tests.contracts.passkey_verifier import SITE, PasskeyVerifierContract, Respond


def respond(counter: int) -> Respond:
    def response(options: Json) -> Json:
        return {"id": "a key", "challenge": options["challenge"], "origin": SITE.origin, "counter": counter}

    return response


@pytest.fixture
def verifier() -> PasskeyVerifier:
    return MemoryPasskeyVerifier()


@pytest.fixture
def create() -> Respond:
    return respond(0)


@pytest.fixture
def get() -> Respond:
    return respond(1)


class TestMemoryPasskeyVerifier(PasskeyVerifierContract): ...
