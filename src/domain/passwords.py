"""Passwords: what is fit for use, and how it is kept."""

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.text import fault

MIN_PASSWORD = 10
MAX_PASSWORD = 1000
"""Characters; the bound keeps a hash from becoming a way to keep the server busy."""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password fit for use."""

    value: str = field(repr=False)
    field_name: str = "password"

    def __post_init__(self) -> None:
        if error := password_fault(self.field_name, self.value):
            raise Invalid.of(error)


class PasswordHasher(Protocol):
    @abstractmethod
    async def hash(self, password: str) -> str:
        """A salted argon2id hash. Raises `Unavailable` when too many are being computed."""

    @abstractmethod
    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether `password` is the one behind `hashed`; with None (no such account) False after the same time."""


def password_fault(field_name: str, password: str) -> FieldError | None:
    """What is wrong with a new password, or None."""
    return fault(field_name, password, least=MIN_PASSWORD, most=MAX_PASSWORD)
