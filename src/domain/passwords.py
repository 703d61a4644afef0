"""Passwords: requirements, preparation and hashing."""

import unicodedata
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.text import text_error

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
MAX_PREPARED = 4 * MAX_PASSWORD
"""Characters. A longer password is still too long after composition. Preparing a whole request body would take
seconds."""
"""Characters. The bound prevents hashing from being used to overload the server."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that meets the requirements."""

    value: str = field(repr=False)
    field_name: str = "password"

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", prepare_password(self.value))
        if error := password_error(self.field_name, self.value):
            raise Invalid.of(error)


class PasswordHasher(Protocol):
    """`trusted` callers are signed in, or sign in from a known origin. They do not wait behind unknown callers."""

    @abstractmethod
    async def hash(self, password: str, *, trusted: bool = False) -> str:
        """Return a salted argon2id hash. Raises `Unavailable` when too many hashes are being computed."""

    @abstractmethod
    async def verify(self, password: str, hashed: str | None, *, trusted: bool = False) -> bool:
        """Whether `password` matches `hashed`. With None (no such account) return False after the same time."""


def prepare_password(password: str) -> str:
    """Return the form of a password that is hashed, equal for all keyboards: OpaqueString of RFC 8265. That profile
    rejects some characters, such as joiners in emoji. A password may contain them; it is then only composed."""
    if len(password) > MAX_PREPARED:
        return password
    from precis_i18n import get_profile

    try:
        return str(get_profile("OpaqueString").enforce(password))
    except UnicodeEncodeError:
        return unicodedata.normalize("NFC", password)


async def find_matching_form(
    hasher: PasswordHasher, password: str, hashed: str | None, *, trusted: bool = False
) -> str | None:
    """Return the form of `password` that matches `hashed`: prepared, or as typed for hashes from before preparation
    existed. Return None for a wrong password, after the same time with and without an account."""
    for form in dict.fromkeys((prepare_password(password), password)):
        if await hasher.verify(form, hashed, trusted=trusted):
            return form
    return None


def password_error(field_name: str, password: str) -> FieldError | None:
    """Return the error of a new password, or None."""
    return text_error(field_name, password, min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)
