"""The contract of identity providers. A binding provides `provider` and `agree`, which returns the code of a visit."""

from collections.abc import Awaitable, Callable

import pytest

from domain.identities import IdentityProvider, ProviderRefused, ProviderRequest

Agree = Callable[[str], Awaitable[str]]
REQUEST = ProviderRequest("http://tintype.test/sign-in/provider/callback", "s" * 43, "n" * 43, "v" * 43)


class IdentityProviderContract:
    async def test_code_gives_the_claims_of_its_user(self, provider: IdentityProvider, agree: Agree) -> None:
        url = await provider.authorization_url(REQUEST)
        assert f"state={REQUEST.state}" in url

        claims = await provider.claims(REQUEST, await agree(url))
        assert (claims.subject, claims.email) == ("u-1", "ada@example.org")

    async def test_unknown_code_is_refused(self, provider: IdentityProvider) -> None:
        with pytest.raises(ProviderRefused):
            await provider.claims(REQUEST, "forged")
