"""Passwords: what is fit for use, and how it is kept."""

import unicodedata
from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.text import text_error

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
MAX_PREPARED = 4 * MAX_PASSWORD
"""Characters; a longer one stays too long when it is composed. To prepare a whole body would take seconds."""
"""Characters; the bound keeps a hash from becoming a way to keep the server busy."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password fit for use."""

    value: str = field(repr=False)
    field_name: str = "password"

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", prepare_password(self.value))
        if error := password_error(self.field_name, self.value):
            raise Invalid.of(error)


class PasswordHasher(Protocol):
    """`trusted` callers are signed in, or sign in from where they did before: they do not wait for strangers."""

    @abstractmethod
    async def hash(self, password: str, *, trusted: bool = False) -> str:
        """A salted argon2id hash. Raises `Unavailable` when too many are being computed."""

    @abstractmethod
    async def verify(self, password: str, hashed: str | None, *, trusted: bool = False) -> bool:
        """Whether `password` is the one behind `hashed`; with None (no such account) False after the same time."""


def prepare_password(password: str) -> str:
    """A password as it is hashed, alike from every keyboard: OpaqueString of RFC 8265. That profile refuses some
    characters, such as joiners within emoji; a password may hold them, and is then composed only."""
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
    """The form of `password` that is behind `hashed`: as it is prepared, or as it was typed, for a hash from before
    passwords were prepared. None for a wrong password, after the same time whether there is an account or not."""
    for form in dict.fromkeys((prepare_password(password), password)):
        if await hasher.verify(form, hashed, trusted=trusted):
            return form
    return None


def password_error(field_name: str, password: str) -> FieldError | None:
    """What is wrong with a new password, or None."""
    return text_error(field_name, password, min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)
