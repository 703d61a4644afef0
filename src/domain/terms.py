"""Terms and rules: the operator's text, in versions that users accept."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.errors import FieldError, Forbidden, Invalid, NotFound
from domain.text import text_error

MAX_TERMS = 50_000


@dataclass(frozen=True, slots=True)
class Terms:
    """A version of the terms; versions count from 1."""

    version: int
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewTerms:
    """A text that meets the requirements. Raises `Invalid`."""

    text: str

    def __post_init__(self) -> None:
        if error := text_error("text", self.text, min_length=1, max_length=MAX_TERMS):
            raise Invalid.of(error)


class TermsNotAccepted(Forbidden):
    code = "terms_not_accepted"

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"the terms have version {version} now; read them at /terms, and sign in with accepted_terms={version}",
            limit=version,
        )


class TermsNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("there are no such terms; an admin publishes them")


class TermsVersions(Protocol):
    """The terms of a unit of work."""

    @abstractmethod
    async def add(self, text: str, now: datetime) -> Terms:
        """Store the text as the next version. Concurrent additions get different versions."""


class TermsReader(Protocol):
    """Reads run outside any unit of work."""

    @abstractmethod
    async def current(self) -> Terms | None:
        """Return the newest version; None if there are no terms."""

    @abstractmethod
    async def by_version(self, version: int) -> Terms | None:
        """Return that version; None when absent."""


def must_accept(current: int | None, accepted: int | None) -> bool:
    """Whether a user who accepted that version (None: no version) must accept the current one."""
    return current is not None and accepted != current


def acceptance_error(current: int | None, accepted: int | None) -> FieldError | None:
    """Return the error of a sign-up that accepts that version, or None."""
    if not must_accept(current, accepted):
        return None
    code = "missing" if accepted is None else "outdated"
    detail = f"must be {current}, the version of the terms that you read and accept; see /terms"
    return FieldError("accepted_terms", code, detail, current, accepted)
