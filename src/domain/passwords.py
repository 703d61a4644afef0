"""Passwords: requirements, preparation and hashing."""

import unicodedata
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.abc import Loader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Protocol, cast

from domain.errors import FieldError, Invalid
from domain.text import text_error

COMMON_PASSWORDS = 10_000
"""How many of the most common passwords are refused. Longer lists would refuse few more of this length."""
MIN_PASSWORD = 10
MAX_PASSWORD = 1000
MAX_PREPARED = 4 * MAX_PASSWORD
"""Characters. A longer password is still too long after composition. Preparing a whole request body would take
seconds."""
"""Characters. The bound prevents hashing from being used to overload the server."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password that meets the requirements. `names` are those of its user."""

    value: str = field(repr=False)
    field_name: str = "password"
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", prepare_password(self.value))
        if error := password_error(self.field_name, self.value, self.names):
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


def password_error(field_name: str, password: str, names: Sequence[str] = ()) -> FieldError | None:
    """Return the error of a new password, or None. `names` are those of its user."""
    if error := text_error(field_name, password, min_length=MIN_PASSWORD, max_length=MAX_PASSWORD):
        return error
    if password.lower() in _common_passwords():
        detail = f"is one of the {COMMON_PASSWORDS:,} most common passwords; choose another"
        return FieldError(field_name, "too_common", detail, COMMON_PASSWORDS)
    if any(_consists_of(password, name) for name in names):
        return FieldError(field_name, "own_name", "consists of your name or e-mail address; choose another")
    return None


@cache
def _common_passwords() -> frozenset[str]:
    """Return the passwords from the lists of `zxcvbn`. Only this module of it is loaded and then dropped. The package
    would take 0.1 s at the first sign-up, and its lists would stay in memory."""
    package = cast(ModuleSpec, find_spec("zxcvbn"))
    spec = cast(ModuleSpec, PathFinder.find_spec("frequency_lists", package.submodule_search_locations))
    module = module_from_spec(spec)
    cast(Loader, spec.loader).exec_module(module)
    return frozenset(module.FREQUENCY_LISTS["passwords"][:COMMON_PASSWORDS])


def _consists_of(password: str, name: str) -> bool:
    """Whether the password is the name, once or repeated, with digits and other characters between."""
    for is_compared in (str.isalpha, str.isalnum):
        text, part = ("".join(filter(is_compared, one.casefold())) for one in (password, name))
        if text and part and not text.replace(part, ""):
            return True
    return False
