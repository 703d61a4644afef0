"""Passkeys (WebAuthn): the port that creates options for browsers and checks their responses."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from domain.ids import UserId
from domain.json_input import parse_json
from domain.second_factors import Passkey, bad_response_error

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """The site as browsers see it. A passkey is bound to `host`."""

    origin: str
    host: str


@dataclass(frozen=True, slots=True)
class PasskeyOwner:
    id: UserId
    username: str


class PasskeyVerifier(Protocol):
    """Every passkey identifies its user (a PIN, a fingerprint), so that it can be the only factor. `challenge` is the
    secret of a stored challenge."""

    @abstractmethod
    def registration_options(self, site: Site, owner: PasskeyOwner, challenge: str, known: Sequence[Passkey]) -> Json:
        """Return the options of `navigator.credentials.create`. Authenticators with one of the `known` passkeys are
        excluded."""

    @abstractmethod
    def sign_in_options(self, site: Site, challenge: str) -> Json:
        """Return the options of `navigator.credentials.get`."""

    @abstractmethod
    def register(self, site: Site, challenge: str, response: Json) -> Passkey:
        """Return the new passkey. Raises `Invalid` for a malformed response, `WrongSecondFactor` for one of another
        site or challenge."""

    @abstractmethod
    def credential_id(self, response: Json) -> bytes:
        """Return the id of the passkey that made the response. Raises `Invalid`."""

    @abstractmethod
    def verify(self, site: Site, challenge: str, response: Json, passkey: Passkey) -> Passkey:
        """Return the passkey with its new counter. Raises `Invalid`, and `WrongSecondFactor` for a wrong signature,
        another site or challenge, or a counter that did not grow."""


def parse_passkey(text: str) -> Json:
    """Return a passkey's response from its JSON. Raises `Invalid`."""
    try:
        response = parse_json(text.encode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise bad_response_error(f"it is not JSON: {error}") from None
    if not isinstance(response, dict):
        raise bad_response_error("it is no JSON object")
    return response
