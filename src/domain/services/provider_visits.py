"""Results of visits to an OpenID Connect provider."""

from dataclasses import dataclass

from domain.challenges import NewChallenge
from domain.second_factors import SecondFactorRequired
from domain.token_requests import IssuedToken


@dataclass(frozen=True, slots=True)
class UnknownIdentity:
    """An account of the provider that is linked to none here. `email` is verified. `is_known` states whether an account
    here has it."""

    challenge: NewChallenge
    email: str
    username: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class UnacceptedTerms:
    """The version of the terms that the user must accept before the sign-in ends."""

    challenge: NewChallenge
    version: int


@dataclass(frozen=True, slots=True)
class Visit:
    """The result of a visit to the provider: a token, the second step of an account with a second factor, new terms, a
    link that was added, or an unknown account."""

    next_path: str
    issued: IssuedToken | None = None
    required: SecondFactorRequired | None = None
    terms: UnacceptedTerms | None = None
    unknown: UnknownIdentity | None = None
