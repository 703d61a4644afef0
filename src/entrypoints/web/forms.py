"""What a form says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from domain.errors import Conflict, DomainError, Invalid, Unauthenticated
from entrypoints.http.errors import headers_of, note, status_of


@dataclass(frozen=True, slots=True)
class Form:
    """Texts and files of a form that was checked to be ours."""

    sent: FormData

    def text(self, name: str) -> str:
        """Empty where there is none. Line breaks as everywhere else: browsers send CRLF, which would count twice."""
        value = self.sent.get(name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        return [value for value in self.sent.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        """Those that were chosen: an empty field sends a file without a name and without bytes."""
        sent = [value for value in self.sent.getlist(name) if isinstance(value, UploadFile)]
        return [file for file in sent if file.filename or file.size]

    def __contains__(self, name: str) -> bool:
        return name in self.sent


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a form was not taken: `fields` beside what is wrong with each, `detail` for the whole. `headers` say when it
    can be sent again."""

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
"""Nothing to complain of."""


def form_of(request: Request) -> Form:
    """The form of a POST, as the route has checked it."""
    return Form(cast(FormData, request.state.sent))
