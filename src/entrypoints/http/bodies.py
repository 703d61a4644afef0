"""Reading of request bodies: limited size, expected media type, and storable text only."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.types import Message, Receive

from domain.errors import DomainError, FieldError, Invalid
from domain.json_input import TooComplex, parse_json
from domain.text import text_error
from entrypoints.http.errors import MalformedBody, UnsupportedMediaType
from entrypoints.http.validation import MAX_ERRORS

MAX_BODY = 1 << 20
"""The maximum size in bytes of a body that is not an upload."""
MAX_DRAIN = 256 << 20
"""The bytes of a rejected body that are still read and discarded, so that the client reads the response."""


def limit_body(request: Request, limit: int, refusal: DomainError) -> Request:
    """Return the request with a body that raises `refusal` beyond `limit` bytes."""
    return Request(request.scope, _limit_receive(request.receive, limit, refusal, content_length(request) or 0))


def content_length(request: Request) -> int | None:
    """Return the body size from Content-Length if it is a valid size."""
    found = request.headers.get("content-length", "")
    return int(found) if re.fullmatch(r"[0-9]{1,18}", found) else None


def _limit_receive(receive: Receive, limit: int, refusal: DomainError, announced: int) -> Receive:
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if max(taken, announced) > limit:
            await _drain(receive, message)
            raise refusal
        return message

    return receive_limited


async def _drain(receive: Receive, message: Message) -> None:
    dropped = 0
    while message.get("more_body") and dropped < MAX_DRAIN:
        message = await receive()
        dropped += len(message.get("body", b""))


def limit_small_body(request: Request) -> Request:
    """Return the request with a body of at most `MAX_BODY` bytes."""
    detail = f"the body is larger than {MAX_BODY >> 20} MiB, the limit of this call"
    return limit_body(request, MAX_BODY, MalformedBody(detail, limit=MAX_BODY))


async def read_json(request: Request) -> Any:
    """Return the JSON of the request. Raises `UnsupportedMediaType`, `MalformedBody`, and `Invalid` for text that
    cannot be stored."""
    require_media_type(request, "application/json")
    body = await request.body()
    if not body:
        raise MalformedBody("the body is empty; send a JSON object")
    try:
        found = parse_json(body, parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated_members)
    except TooComplex as error:
        raise MalformedBody(f"the body is rejected: {error}", limit=error.limit) from None
    except ValueError as error:
        raise MalformedBody(f"the body is not JSON: {_describe_json_error(error)}") from None
    if errors := tuple(islice(_find_unstorable("", found), MAX_ERRORS)):
        raise Invalid.of(*errors)
    return found


def require_media_type(request: Request, expected: str) -> None:
    refuse_encoding(request)
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != expected:
        raise UnsupportedMediaType(
            f"the content type is {found or 'missing'}; this call takes {expected}", limit=expected
        )


def refuse_encoding(request: Request) -> None:
    """Raise `UnsupportedMediaType` for a compressed body, which would be reported as damaged otherwise."""
    encoding = ", ".join(request.headers.getlist("content-encoding")).strip().lower()
    if encoding not in {"", "identity"}:
        detail = f"the body has the Content-Encoding {encoding[:50]}, which is not supported; send it uncompressed"
        raise UnsupportedMediaType(detail, limit="identity")


def _refuse_repeated_members(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Reject repeated members, because one of them would be ignored silently."""
    found = dict(members)
    if len(found) < len(members):
        repeated = next(name for name, count in Counter(name for name, _ in members).items() if count > 1)
        raise ValueError(f"its member {repeated[:100]!r} is repeated")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _describe_json_error(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(error)[:200]


def _find_unstorable(path: str, value: Any) -> Iterator[FieldError]:
    """Yield an error for every string, keys included, that contains U+0000 or an unpaired surrogate. Recursion is safe,
    because `parse_json` has limited the depth."""
    if isinstance(value, str):
        if error := text_error(path or "body", value, max_length=len(value)):
            yield error
    elif isinstance(value, dict):
        for key, item in value.items():
            if text_error(path or "body", key, max_length=len(key)):
                yield FieldError(path or "body", "bad_character", "has a name that cannot be stored")
            else:
                yield from _find_unstorable(f"{path}.{key}" if path else key, item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _find_unstorable(f"{path}.{index}" if path else str(index), item)


async def read_form(request: Request, media_type: str) -> FormData:
    """Return the complete form."""
    require_media_type(request, media_type)
    return await request.form(max_fields=100)


def read_fields(form: FormData) -> dict[str, str]:
    """Return the fields of a form without files. Each must be sent once, with storable text."""
    errors = [error for name, value in form.multi_items() if (error := _check_field(name, value))]
    repeated = {name for name in form if len(form.getlist(name)) > 1}
    errors += [FieldError(name, "repeated", "is sent more than once") for name in sorted(repeated)]
    if errors:
        raise Invalid.of(*errors)
    return {name: str(value) for name, value in form.items()}


def _check_field(name: str, value: UploadFile | str) -> FieldError | None:
    if isinstance(value, UploadFile):
        return FieldError(name, "wrong_type", "is a file; this call takes none")
    return text_error(name, value, max_length=len(value))
