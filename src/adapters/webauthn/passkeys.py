from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from domain.challenges import LIFETIME
from domain.passkeys import Json, PasskeyOwner, PasskeyVerifier, Site
from domain.second_factors import Passkey, WrongSecondFactor, bad_response_error

T = TypeVar("T")

_TIMEOUT = int(LIFETIME.total_seconds()) * 1000
_REQUIRED = UserVerificationRequirement.REQUIRED


class WebauthnPasskeyVerifier(PasskeyVerifier):
    def registration_options(self, site: Site, owner: PasskeyOwner, challenge: str, known: Sequence[Passkey]) -> Json:
        options = generate_registration_options(
            rp_id=site.host,
            rp_name="Tintype",
            user_id=owner.id.bytes,
            user_name=owner.username,
            challenge=challenge.encode(),
            timeout=_TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        )
        return options_to_json_dict(options)

    def sign_in_options(self, site: Site, challenge: str) -> Json:
        options = generate_authentication_options(
            rp_id=site.host, challenge=challenge.encode(), timeout=_TIMEOUT, user_verification=_REQUIRED
        )
        return options_to_json_dict(options)

    def register(self, site: Site, challenge: str, response: Json) -> Passkey:
        credential = _parse(parse_registration_credential_json, response)
        verified = _verify(
            verify_registration_response,
            credential=credential,
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
        return Passkey(verified.credential_id, verified.credential_public_key, verified.sign_count)

    def credential_id(self, response: Json) -> bytes:
        return bytes(_parse(parse_authentication_credential_json, response).raw_id)

    def verify(self, site: Site, challenge: str, response: Json, passkey: Passkey) -> Passkey:
        verified = _verify(
            verify_authentication_response,
            credential=_parse(parse_authentication_credential_json, response),
            expected_challenge=challenge.encode(),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
        return Passkey(passkey.credential_id, passkey.public_key, verified.new_sign_count)


def _parse(parse: Callable[[dict[str, Any]], T], response: Json) -> T:
    try:
        return parse(dict(response))
    except Exception as error:  # noqa: BLE001 — the library raises errors of many kinds for malformed input
        raise bad_response_error(str(error)) from None


def _verify(verify: Callable[..., T], **expected: Any) -> T:
    try:
        return verify(**expected)
    except Exception as error:  # noqa: BLE001 — as above; the signed parts are malformed or wrong
        detail = str(error)[:200]
        raise WrongSecondFactor(f"the passkey's response is refused: {detail}; start again") from None
