from typing import Annotated, Any, Literal, Self

from pydantic import Field

from domain import second_factors
from domain.second_factors import FactorKind, RecoveryCodes
from domain.services.factor_enrolment import TotpOffer
from domain.services.second_step import PasskeyOffer
from entrypoints.http.schemas import Body, Id, Out, Timestamp


class SecondFactor(Out):
    id: Id
    kind: FactorKind
    name: str
    created_at: Timestamp
    last_used_at: Timestamp | None
    codes_left: Annotated[int | None, Field(description="the recovery codes that are not used; null for other kinds")]

    @classmethod
    def of(cls, factor: second_factors.SecondFactor) -> "SecondFactor":
        return SecondFactor(**_fields(factor))


class NewSecondFactor(SecondFactor):
    codes: Annotated[list[str] | None, Field(description="the recovery codes, shown only here; null for other kinds")]

    @classmethod
    def with_codes(cls, factor: second_factors.SecondFactor, codes: list[str] | None) -> Self:
        return cls(**_fields(factor), codes=codes)


def _fields(factor: second_factors.SecondFactor) -> dict[str, Any]:
    method = factor.method
    return {
        "id": factor.id,
        "kind": factor.kind,
        "name": factor.name,
        "created_at": factor.created_at,
        "last_used_at": factor.last_used_at,
        "codes_left": len(method.hashes) if isinstance(method, RecoveryCodes) else None,
    }


class TotpSecret(Out):
    secret: Annotated[str, Field(description="Base32, shown only here")]
    uri: Annotated[str, Field(description="the content of the QR code: otpauth://…")]


class FactorChallenge(Out):
    challenge: str
    expires_at: Timestamp
    totp: TotpSecret | None
    passkey: Annotated[
        dict[str, Any] | None, Field(description="the publicKey options of navigator.credentials.create, as JSON")
    ]

    @classmethod
    def of_totp(cls, offer: TotpOffer) -> Self:
        totp = TotpSecret(secret=offer.secret, uri=offer.uri)
        return cls(challenge=offer.challenge.secret, expires_at=offer.challenge.expires_at, totp=totp, passkey=None)

    @classmethod
    def of_passkey(cls, offer: PasskeyOffer) -> Self:
        challenge = offer.challenge
        return cls(challenge=challenge.secret, expires_at=challenge.expires_at, totp=None, passkey=dict(offer.options))


class PasskeyChallenge(Out):
    challenge: str
    expires_at: Timestamp
    passkey: Annotated[dict[str, Any], Field(description="the publicKey options of navigator.credentials.get, as JSON")]

    @classmethod
    def of(cls, offer: PasskeyOffer) -> Self:
        challenge = offer.challenge
        return cls(challenge=challenge.secret, expires_at=challenge.expires_at, passkey=dict(offer.options))


class FactorChallengeCreate(Body):
    kind: Literal["totp", "passkey"]


class FactorCreate(Body):
    kind: Literal["totp", "passkey", "recovery_codes"]
    name: str | None = Field(None, description="up to 50 characters; not for recovery codes")
    challenge: str | None = Field(None, description="of POST /v1/me/second-factor-challenges; not for recovery codes")
    code: str | None = Field(None, description="the first code of an authenticator app")
    passkey: dict[str, Any] | None = Field(None, description="the response of navigator.credentials.create, as JSON")


class Confirmation(Body):
    password: str
