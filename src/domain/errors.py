"""The errors of the domain: a small closed family.

Each entrypoint maps the *kind* (a direct subclass of `DomainError`) with one table, for example to an HTTP status or an
exit code. The *code* is a stable name for programs. `detail` is for people: what was wrong, the limit, and the way out.
`facts` holds the same as data.
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
        """Return the detail, followed by information that clients must not see."""
        return self.detail


@dataclass(frozen=True, slots=True)
class FieldError:
    """An invalid field. `code` names the rule, `limit` its bound, `actual` the measured value (a length or count)."""

    field: str
    code: str
    detail: str
    limit: object = None
    actual: object = None


class Invalid(DomainError):
    """The request violates a rule. Repeating it cannot succeed."""

    code = "invalid"

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = (), **facts: object) -> None:
        super().__init__(detail, **facts)
        self.errors = errors

    @classmethod
    def of(cls, *errors: FieldError) -> "Invalid":
        return cls("; ".join(f"{error.field}: {error.detail}" for error in errors), errors=errors)


class Unauthenticated(DomainError):
    """The caller is not authenticated."""

    code = "not_signed_in"


class Forbidden(DomainError):
    """The caller may see the object but not change it."""

    code = "forbidden"


class NotFound(DomainError):
    """The object does not exist or is hidden from the viewer. Callers cannot distinguish the two."""

    code = "not_found"


class Conflict(DomainError):
    """The request conflicts with the current state."""


class Gone(DomainError):
    """The object existed once and will not return."""


class TooLarge(DomainError):
    """The request has more bytes than allowed."""


class Unsupported(DomainError):
    """The type of content is not supported."""


class TooMany(DomainError):
    """Too many requests; repeat after `retry_after` seconds."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, retry_after: float, **facts: object) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A dependency is busy or absent; repeat after `retry_after` seconds. `operator_detail` is for the operator only (a
    folder, an address, a remedy). It appears in the log and the terminal, never in a response."""

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
