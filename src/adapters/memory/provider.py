from domain.identities import IdentityProvider, ProviderClaims, ProviderRefused, ProviderRequest


class MemoryIdentityProvider(IdentityProvider):
    """NOT FOR PRODUCTION: for tests. Each code is an account, whose claims a test adds to `accounts`."""

    def __init__(self) -> None:
        self.accounts: dict[str, ProviderClaims] = {}

    async def authorization_url(self, request: ProviderRequest) -> str:
        return f"https://provider.test/authorize?state={request.state}"

    async def claims(self, request: ProviderRequest, code: str) -> ProviderClaims:  # noqa: ARG002 — any request
        claims = self.accounts.get(code)
        if claims is None:
            raise ProviderRefused("the provider refuses the code; begin again")
        return claims
