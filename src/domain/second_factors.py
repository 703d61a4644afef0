"""Second factors: authenticator apps, passkeys and recovery codes."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.challenges import NewChallenge
from domain.errors import Conflict, FieldError, Invalid, NotFound, Unauthenticated
from domain.ids import FactorId, UserId
from domain.one_time_codes import CodeKind, find_step, parse_code, recovery_code_hash
from domain.pages import Page, PageRequest
from domain.text import text_error

MAX_FACTORS = 10
"""Factors of one user."""
MAX_NAME = 50
MAX_CREDENTIAL_ID = 1023
"""Bytes of the id of a passkey (WebAuthn, 4)."""
CODE_FIELD = "second_factor"


class FactorKind(StrEnum):
    TOTP = "totp"
    PASSKEY = "passkey"
    RECOVERY_CODES = "recovery_codes"


@dataclass(frozen=True, slots=True)
class Totp:
    """An authenticator app. Codes of steps up to `last_step` are used up."""

    secret: str = field(repr=False)
    last_step: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key. `sign_count` is the authenticator's counter at the last use; 0 if it has none. Raises `Invalid`."""

    credential_id: bytes
    public_key: bytes
    sign_count: int

    def __post_init__(self) -> None:
        if len(self.credential_id) > MAX_CREDENTIAL_ID:
            raise bad_response_error(
                f"its id has {len(self.credential_id)} bytes; at most {MAX_CREDENTIAL_ID} are allowed"
            )


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """The hashes of the codes that are left."""

    hashes: frozenset[str]


Method = Totp | Passkey | RecoveryCodes
_KINDS: dict[type[Method], FactorKind] = {
    Totp: FactorKind.TOTP,
    Passkey: FactorKind.PASSKEY,
    RecoveryCodes: FactorKind.RECOVERY_CODES,
}


@dataclass(frozen=True, slots=True)
class SecondFactor:
    id: FactorId
    user_id: UserId
    name: str
    method: Method
    created_at: datetime
    last_used_at: datetime | None = None

    @property
    def kind(self) -> FactorKind:
        return _KINDS[type(self.method)]

    def after_use(self, method: Method, now: datetime | None) -> "SecondFactor":
        return replace(self, method=method, last_used_at=now)


class SecondFactorRequired(Unauthenticated):
    """The password was correct; the client continues with `challenge`."""

    code = "second_factor_required"

    def __init__(self, challenge: NewChallenge, kinds: Sequence[FactorKind]) -> None:
        self.challenge, self.kinds = challenge, kinds
        super().__init__(
            "the account has a second factor; send its code as second_factor, or a passkey's response as passkey, "
            "together with this challenge",
            methods=[kind.value for kind in kinds],
            challenge=challenge.secret,
            challenge_expires_at=challenge.expires_at.isoformat(),
        )


class WrongSecondFactor(Unauthenticated):
    """Without `detail`: a wrong code."""

    code = "wrong_second_factor"

    def __init__(self, detail: str | None = None) -> None:
        if detail is None:
            super().__init__("the code is wrong or was used already; wait for the next one", field=CODE_FIELD)
        else:
            super().__init__(detail)


class FactorNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("you have no such second factor; see the list of your second factors")


class TooManyFactors(Conflict):
    code = "too_many_second_factors"

    def __init__(self) -> None:
        super().__init__(
            f"you have {MAX_FACTORS} second factors, the limit; remove one first", limit=MAX_FACTORS, actual=MAX_FACTORS
        )


class NoFactorToRecover(Conflict):
    code = "second_factor_missing"

    def __init__(self) -> None:
        super().__init__("recovery codes replace a lost second factor; add an authenticator app or a passkey first")


class PasskeyTaken(Conflict):
    code = "passkey_taken"

    def __init__(self) -> None:
        super().__init__("this passkey is registered already; use it, or another one")


class SecondFactors(Protocol):
    """The second factors of a unit of work."""

    @abstractmethod
    async def add(self, factor: SecondFactor) -> None:
        """Store a new factor. Raises `PasskeyTaken` for a registered passkey, and `UserNotFound` when the account was
        deleted meanwhile. The unit of work cannot be committed after either."""

    @abstractmethod
    async def of_user(self, user_id: UserId) -> tuple[SecondFactor, ...]:
        """Return the user's factors, oldest first. Others cannot change them until the unit of work ends."""

    @abstractmethod
    async def by_credential(self, credential_id: bytes) -> SecondFactor | None:
        """Return the passkey with that id. Others cannot change it until the unit of work ends."""

    @abstractmethod
    async def save(self, factor: SecondFactor) -> None:
        """Store the method and the last use of a factor."""

    @abstractmethod
    async def delete(self, factors: Sequence[FactorId]) -> None:
        """Delete factors. Idempotent."""


class SecondFactorReader(Protocol):
    """The user's own factors. Reads run outside any unit of work."""

    @abstractmethod
    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[SecondFactor]:
        """Return the user's factors, newest first."""

    @abstractmethod
    async def by_id(self, user_id: UserId, factor_id: FactorId) -> SecondFactor | None:
        """Return one of the user's factors, or None."""


def is_required(factors: Sequence[SecondFactor]) -> bool:
    """Whether a sign-in with a password needs a second factor. Recovery codes alone are none."""
    return any(factor.kind is not FactorKind.RECOVERY_CODES for factor in factors)


def kinds_of(factors: Sequence[SecondFactor]) -> list[FactorKind]:
    """Return the kinds of the factors, each once, in the order of `FactorKind`."""
    return [kind for kind in FactorKind if any(factor.kind is kind for factor in factors)]


def use_code(factors: Sequence[SecondFactor], text: str, now: datetime) -> SecondFactor:
    """Return the factor of the code, changed so that the code cannot be used again. Raises `Invalid`,
    `WrongSecondFactor`."""
    kind, code = parse_code(text, CODE_FIELD)
    for factor in factors:
        method = _use(factor.method, kind, code, now)
        if method is not None:
            return factor.after_use(method, now)
    raise WrongSecondFactor


def _use(method: Method, kind: CodeKind, code: str, now: datetime) -> Method | None:
    match method:
        case Totp() if kind is CodeKind.TOTP:
            step = find_step(method.secret, code, now, method.last_step)
            return replace(method, last_step=step) if step is not None else None
        case RecoveryCodes() if kind is CodeKind.RECOVERY:
            used = recovery_code_hash(code)
            return RecoveryCodes(method.hashes - {used}) if used in method.hashes else None
    return None


def require_room(factors: Sequence[SecondFactor]) -> None:
    """Raises `TooManyFactors`."""
    if len(factors) >= MAX_FACTORS:
        raise TooManyFactors


def factors_to_remove(factors: Sequence[SecondFactor], factor_id: FactorId) -> list[FactorId]:
    """Return the factor, and the recovery codes if nothing else is left to recover. Raises `FactorNotFound`."""
    if all(factor.id != factor_id for factor in factors):
        raise FactorNotFound
    left = [factor for factor in factors if factor.id != factor_id]
    return [factor_id] if is_required(left) else [factor.id for factor in factors]


def require_factor_name(name: str) -> str:
    """Return the name without surrounding spaces. Raises `Invalid`."""
    name = name.strip()
    if error := text_error("name", name, min_length=1, max_length=MAX_NAME):
        raise Invalid.of(error)
    return name


def bad_response_error(detail: str) -> Invalid:
    """Return the error of a passkey's response that cannot be read."""
    return Invalid.of(FieldError("passkey", "bad_format", f"is not a passkey's response: {detail[:200]}"))
