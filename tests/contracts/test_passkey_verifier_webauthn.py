import pytest

from adapters.webauthn.passkeys import WebauthnPasskeyVerifier
from domain.passkeys import PasskeyVerifier
from tests.authenticator import Authenticator
from tests.contracts.passkey_verifier import PasskeyVerifierContract, Respond


@pytest.fixture
def authenticator() -> Authenticator:
    return Authenticator()


@pytest.fixture
def verifier() -> PasskeyVerifier:
    return WebauthnPasskeyVerifier()


@pytest.fixture
def create(authenticator: Authenticator) -> Respond:
    return authenticator.create


@pytest.fixture
def get(authenticator: Authenticator) -> Respond:
    return authenticator.get


class TestWebauthnPasskeyVerifier(PasskeyVerifierContract): ...
