import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from authlib.integrations.httpx_client import AsyncOAuth2Client, OAuthError
from httpx2 import HTTPError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from domain.errors import Unavailable
from domain.identities import IdentityProvider, ProviderClaims, ProviderRefused, ProviderRequest

TIMEOUT = 10.0
METADATA_SECONDS = 3600
LEEWAY = 60
"""Seconds by which the clocks of provider and server may differ."""
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures by keys of the provider. Those by the shared secret, and none, are refused."""
_DISCOVERY = "/.well-known/openid-configuration"


class OidcIdentityProvider(IdentityProvider):
    """Metadata and keys are fetched at the first use, and again after an hour or for an unknown key."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._metadata: dict[str, Any] = {}
        self._keys = KeySet([])
        self._fetched_at = float("-inf")

    async def authorization_url(self, request: ProviderRequest) -> str:
        async with self._client(request) as client:
            with _translate_errors():
                await self._refresh(client)
                endpoint = self._metadata["authorization_endpoint"]
                url, _ = client.create_authorization_url(
                    endpoint, state=request.state, nonce=request.nonce, code_verifier=request.verifier
                )
        return str(url)

    async def claims(self, request: ProviderRequest, code: str) -> ProviderClaims:
        async with self._client(request) as client:
            with _translate_errors():
                await self._refresh(client)
                token = await client.fetch_token(
                    self._metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=request.verifier,
                )
                claims = await self._verify(client, token.get("id_token"), request.nonce)
        return ProviderClaims.of(self._issuer, claims)

    def _client(self, request: ProviderRequest) -> Any:
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret or None,
            scope="openid email profile",
            redirect_uri=request.redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT,
        )

    async def _refresh(self, client: Any, *, known_key: bool = True) -> None:
        if known_key and time.monotonic() - self._fetched_at < METADATA_SECONDS:
            return
        metadata = await _get(client, self._issuer.rstrip("/") + _DISCOVERY)
        if metadata.get("issuer") != self._issuer:
            raise Unavailable(
                "the identity provider is not set up",
                operator_detail=f"its issuer is {metadata.get('issuer')!r}, not TINTYPE_OIDC_ISSUER",
            )
        self._keys = KeySet.import_key_set(await _get(client, metadata["jwks_uri"]))
        self._metadata, self._fetched_at = metadata, time.monotonic()

    async def _verify(self, client: Any, id_token: object, nonce: str) -> dict[str, Any]:
        if not isinstance(id_token, str):
            raise ProviderRefused("the provider sent no ID token; ask its operator for OpenID Connect")
        try:
            decoded = jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # the provider has new keys
            await self._refresh(client, known_key=False)
            decoded = jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
        self._check(decoded.claims, nonce)
        return decoded.claims

    def _check(self, claims: dict[str, Any], nonce: str) -> None:
        JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        if claims.get("azp", self._client_id) != self._client_id:
            raise ProviderRefused("the provider's ID token is for another client; begin again")


async def _get(client: Any, url: str) -> Any:
    response = await client.request("GET", url, withhold_token=True)
    response.raise_for_status()
    return response.json()


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (OAuthError, JoseError) as error:
        detail = str(error)[:200]
        raise ProviderRefused(f"the answer of the identity provider is refused ({detail}); begin again") from None
    except (HTTPError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            "the identity provider cannot be reached; try again in a minute, or sign in with a password",
            retry_after=60,
            operator_detail=f"{type(error).__name__}: {error}; check TINTYPE_OIDC_ISSUER",
        ) from error
