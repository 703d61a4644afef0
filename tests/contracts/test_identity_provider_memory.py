import pytest

from adapters.memory.provider import MemoryIdentityProvider
from domain.identities import IdentityProvider, ProviderClaims
from tests.contracts.identity_provider import Agree, IdentityProviderContract


@pytest.fixture
def provider() -> IdentityProvider:
    provider = MemoryIdentityProvider()
    provider.accounts["code"] = ProviderClaims("https://provider.test", "u-1", "ada@example.org")
    return provider


@pytest.fixture
def agree() -> Agree:
    async def code(_url: str) -> str:
        return "code"

    return code


class TestMemoryIdentityProvider(IdentityProviderContract): ...
