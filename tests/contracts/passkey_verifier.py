"""The contract of the verification of passkeys. A binding provides `verifier`, `create` and `get`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from domain.errors import Invalid
from domain.ids import UserId
from domain.passkeys import Json, PasskeyOwner, PasskeyVerifier, Site
from domain.second_factors import WrongSecondFactor

SITE, ELSEWHERE = Site("http://tintype.test", "tintype.test"), Site("http://other.test", "other.test")
ADA = PasskeyOwner(UserId(UUID(int=7)), "ada")

Respond = Callable[[Json], Json]


class PasskeyVerifierContract:
    def test_registered_passkey_signs_in(self, verifier: PasskeyVerifier, create: Respond, get: Respond) -> None:
        options = verifier.registration_options(SITE, ADA, "challenge", [])
        passkey = verifier.register(SITE, "challenge", create(options))

        response = get(verifier.sign_in_options(SITE, "another"))
        assert verifier.credential_id(response) == passkey.credential_id
        used = verifier.verify(SITE, "another", response, passkey)
        assert used.sign_count > passkey.sign_count
        assert used.credential_id == passkey.credential_id
        with pytest.raises(WrongSecondFactor):  # the counter does not grow
            verifier.verify(SITE, "another", response, used)

    @pytest.mark.parametrize(("site", "challenge"), [(ELSEWHERE, "challenge"), (SITE, "other")])
    def test_response_is_for_its_site_and_challenge(
        self, verifier: PasskeyVerifier, create: Respond, get: Respond, site: Site, challenge: str
    ) -> None:
        created = create(verifier.registration_options(SITE, ADA, "challenge", []))
        with pytest.raises(WrongSecondFactor):
            verifier.register(site, challenge, created)
        passkey = verifier.register(SITE, "challenge", created)
        response = get(verifier.sign_in_options(SITE, "challenge"))
        with pytest.raises(WrongSecondFactor):
            verifier.verify(site, challenge, response, passkey)

    def test_known_passkeys_are_excluded(self, verifier: PasskeyVerifier, create: Respond) -> None:
        passkey = verifier.register(SITE, "one", create(verifier.registration_options(SITE, ADA, "one", [])))

        options: Any = verifier.registration_options(SITE, ADA, "two", [passkey])
        assert len(options["excludeCredentials"]) == 1

    @pytest.mark.parametrize("response", [{}, {"id": None}, {"id": [], "response": 1}])
    def test_malformed_response_is_invalid(self, verifier: PasskeyVerifier, response: Json) -> None:
        with pytest.raises(Invalid):
            verifier.credential_id(response)
