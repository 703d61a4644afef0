"""Resubmission of forms that were sent too late. Their content is displayed again; the server stores nothing of it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from fastapi import Request, Response
from starlette.datastructures import FormData, UploadFile

from domain.json_input import parse_json
from domain.text import text_error
from entrypoints.http.paging import path_of
from entrypoints.web.csrf import TOKEN_FIELD
from entrypoints.web.forms import Refusal
from entrypoints.web.redirects import local_path, previous_page
from entrypoints.web.rendering import render_page
from entrypoints.web.sign_in_page import render_sign_in_page

LABELS = {
    "text": "Text",
    "alt": "Alt text",
    "bio": "About you",
    "display_name": "Name",
    "username": "Username or e-mail",
    "email": "E-mail",
    "password": "Password",
    "current": "Current password",
    "new": "New password",
    "second_factor": "Code",
    "code": "Code in the app",
    "name": "Name",
    "note": "Note",
    "rule": "Rule",
    "warning": "Warning",
    "answer": "Answer",
    "reason": "Reason",
    "value": "Hash",
    "source": "Source",
    "until": "End",
    "invite": "Invitation code",
    "max_uses": "Sign-ups",
    "days": "Valid for days",
}
"""The labels of the fields that users fill in. `alt.…` is the field of one image."""
_SINGLE_LINE = {
    "display_name",
    "username",
    "email",
    "rule",
    "warning",
    "value",
    "source",
    "invite",
    "max_uses",
    "name",
    "days",
}
_PASSWORDS = {"password", "current", "new", "second_factor", "code"}


@dataclass(frozen=True, slots=True)
class SentField:
    name: str
    value: str = ""
    is_file: bool = False

    @property
    def label(self) -> str | None:
        """Return the label; None for fields that users do not fill in."""
        return "Files" if self.is_file else LABELS.get(self.name.partition(".")[0])

    @property
    def kind(self) -> str:
        if self.is_file:
            return "file"
        if self.name in _PASSWORDS:
            return "password"
        return "hidden" if self.label is None else "text" if self.name in _SINGLE_LINE else "area"


@dataclass(frozen=True, slots=True)
class SentForm:
    """The content and target of a submitted form, without passwords and files; their fields are empty again."""

    action: str
    fields: tuple[SentField, ...] = ()

    @classmethod
    def of(cls, request: Request) -> Self:
        form = getattr(request.state, "sent", None)
        return cls(path_of(request), tuple(_read_fields(form)) if form else ())

    @classmethod
    def parse(cls, action: str, text: str) -> Self | None:
        """Return a form that was passed through the sign-in form; None if there is none or it cannot be read."""
        try:
            parts = parse_json(text.encode())
            fields = [SentField(str(name), str(value), bool(is_file)) for name, value, is_file in parts]
        except (ValueError, TypeError):
            return None
        texts = (text for field in fields for text in (field.name, field.value))
        if any(text_error("", text, max_length=len(text)) for text in texts):  # cannot be displayed
            return None
        return cls(action, tuple(fields)) if local_path(action, "") else None

    @property
    def text(self) -> str:
        return json.dumps([(field.name, field.value, field.is_file) for field in self.fields])

    @property
    def has_text(self) -> bool:
        """Whether the form has text that a user would lose."""
        return any(field.value.strip() for field in self.fields if field.kind in {"text", "area"})

    @property
    def has_files(self) -> bool:
        return any(field.is_file for field in self.fields)


def _read_fields(form: FormData) -> Iterator[SentField]:
    """Yield each field with its value, and one field for each name with files."""
    files = {name for name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename}
    yield from (SentField(name, is_file=True) for name in sorted(files))
    for name, value in form.multi_items():
        if isinstance(value, str) and name != TOKEN_FIELD:
            yield SentField(name, "" if name in _PASSWORDS else value)


async def render_sent_form(
    request: Request, sent: SentForm, reason: str, status: int = 200, back: str = "/"
) -> Response:
    """Render the form with its content and a valid token."""
    return await render_page(request, "resubmission.html", status, sent=sent, reason=reason, back=back)


async def render_sign_in(request: Request) -> Response:
    """Render the sign-in page. It returns to the submitted form."""
    unauthorized = Refusal(HTTPStatus.UNAUTHORIZED)
    return await render_sign_in_page(request, unauthorized, next_path=previous_page(request), sent=SentForm.of(request))
