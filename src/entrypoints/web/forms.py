"""Access to submitted forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar, cast

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from domain.errors import Conflict, DomainError, Invalid, Unauthenticated
from entrypoints.http.errors import headers_of, note, status_of

Choice = TypeVar("Choice", bound=StrEnum)
MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Form:
    """The texts and files of a form with a valid token."""

    sent: FormData

    def text(self, name: str) -> str:
        """Return the text of a field, '' if absent. Line breaks are normalized to LF: browsers send CRLF, which would
        count as two characters."""
        value = self.sent.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def number(self, name: str) -> int | None:
        """Return the whole number in a field; None without one of up to nine digits."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None

    def texts(self, name: str) -> list[str]:
        return [value for value in self.sent.getlist(name) if isinstance(value, str)]

    def choice(self, name: str, default: Choice) -> Choice:
        """Return the chosen member of the enumeration, `default` if the field is absent. Raises `Invalid`."""
        values = [member.value for member in type(default)]
        if name not in self.sent:
            return default
        if self.text(name) not in values:
            raise Invalid(f"{name} must be one of {', '.join(values)}", field=name)
        return type(default)(self.text(name))

    def files(self, name: str) -> list[UploadFile]:
        """Return the selected files. An empty field sends a file without name and content."""
        sent = [value for value in self.sent.getlist(name) if isinstance(value, UploadFile)]
        return [file for file in sent if file.filename or file.size]

    def __contains__(self, name: str) -> bool:
        return name in self.sent


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was rejected. `fields` has the error of each field, `detail` that of the whole form. `headers` state
    when it can be sent again."""

    status: int = 422
    detail: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, error: DomainError) -> "Refusal":
        note(request, error)
        status, headers = status_of(error), headers_of(error)
        if isinstance(error, Invalid) and error.errors:
            return cls(status, fields={one.field: f"It {one.detail}." for one in error.errors})
        named = error.facts.get("field")
        detail = f"{error.detail[:1].upper()}{error.detail[1:]}."
        if named and isinstance(error, Conflict | Invalid | Unauthenticated):
            return cls(status, fields={str(named): detail})
        return cls(status, detail, headers=headers)


NO_REFUSAL = Refusal(200)
"""A form without errors."""


def form_of(request: Request) -> Form:
    """Return the form of a POST, as checked by the route."""
    return Form(cast(FormData, request.state.sent))
