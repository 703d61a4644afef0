"""What the domain refuses: a small closed family of errors.

The *kind* (a direct subclass of `DomainError`) is what entrypoints translate, each with one table: to a
status, to an exit code. The *code* is the stable name a program may act on. `detail` is for a person: what
was wrong, what the limit is, what to do. `facts` says the same as data.
"""

from dataclasses import dataclass
from typing import ClassVar


class DomainError(Exception):
    code: ClassVar[str]

    def __init__(self, detail: str, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts

    @property
    def operator_message(self) -> str:
        """The detail, with what is not for clients to read."""
        return self.detail


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field's fault. `code` names the rule, `limit` its bound, `actual` the measured value (a length, a count)."""

    field: str
    code: str
    detail: str
    limit: object = None
    actual: object = None


class Invalid(DomainError):
    """The request contradicts a rule; sending it again cannot help."""

    code = "invalid"

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = (), **facts: object) -> None:
        super().__init__(detail, **facts)
        self.errors = errors

    @classmethod
    def of(cls, *errors: FieldError) -> "Invalid":
        return cls("; ".join(f"{error.field}: {error.detail}" for error in errors), errors=errors)


class Unauthenticated(DomainError):
    """Nobody known is asking."""

    code = "not_signed_in"


class Forbidden(DomainError):
    """Visible to the caller, but not theirs to change."""

    code = "forbidden"


class NotFound(DomainError):
    """Absent, or hidden from this viewer: the two are not told apart."""

    code = "not_found"


class Conflict(DomainError):
    """The state of the world stands against it."""


class Gone(DomainError):
    """It was there once, and will not come back."""


class TooLarge(DomainError):
    """More bytes than are taken."""


class Unsupported(DomainError):
    """A kind of content that is not taken."""


class TooMany(DomainError):
    """Too often; `retry_after` seconds say when to come back."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: float, **facts: object) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """Not now: a dependency is busy or absent. `retry_after` is in seconds. `inside` is what only the operator may
    read (a folder, an address, what to do about it): it goes to the log and the terminal, never to a client."""

    code = "busy"

    def __init__(
        self, detail: str, *, retry_after: float = 1.0, operator_detail: str | None = None, **facts: object
    ) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after
        self.operator_detail = operator_detail

    @property
    def operator_message(self) -> str:
        return f"{self.detail}: {self.operator_detail}" if self.operator_detail else self.detail
