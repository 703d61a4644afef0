from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx import AsyncClient

from adapters.oidc.provider import OidcIdentityProvider
from domain.identities import IdentityProvider
from tests.contracts.identity_provider import Agree, IdentityProviderContract
from tests.fake_provider import CLIENT_ID, CLIENT_SECRET, run_provider


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with run_provider() as running:
        yield OidcIdentityProvider(running.url, CLIENT_ID, CLIENT_SECRET)


@pytest.fixture
def agree() -> Agree:
    async def code(url: str) -> str:
        async with AsyncClient() as browser:
            agreed = await browser.get(url)
        return parse_qs(urlsplit(agreed.headers["location"]).query)["code"][0]

    return code


class TestOidcIdentityProvider(IdentityProviderContract): ...
