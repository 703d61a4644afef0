"""`Idempotency-Key`: a repeated request gets the first response and has no further effect."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import UploadFile

from domain.errors import DomainError, FieldError, Invalid
from domain.idempotency import MAX_KEY, StoredResult
from entrypoints.http.dependencies import container_of, require_session, session_of
from entrypoints.http.errors import respond
from entrypoints.http.uploads import upload_form
from entrypoints.http.validation import field_errors

HEADER = "idempotency-key"
STORED_HEADERS = ("location", "content-type")

Handler = Callable[[Request], Awaitable[Response]]


async def answer_once(request: Request, content: Any, handler: Handler) -> Response:
    """Call `handler`, or return its stored response for the same key. `content` is the parsed JSON, or None. Only for
    calls that need a session: keys belong to users, otherwise users could read each other's responses.

    Raises `Invalid` for a malformed key, `KeyReused`, `RequestInProgress`.
    """
    if HEADER not in request.headers:
        return await handler(request)
    scope = await _scope(request)
    claims = container_of(request).request_claims()
    claim = await claims.claim(scope, await _fingerprint(request, content))
    if isinstance(claim, StoredResult):
        return Response(claim.body, claim.code, {**dict(claim.attributes), "Idempotent-Replayed": "true"})
    try:
        response = await _answer(request, handler)
        if _is_storable(response):
            await claims.save(claim, _stored_result(response))
        else:
            await claims.release(claim)
    except BaseException:  # also when the client disconnects: its next attempt may proceed
        await claims.release(claim)
        raise
    return response


async def _scope(request: Request) -> str:
    key, *others = request.headers.getlist(HEADER)
    if others:
        raise Invalid.of(FieldError("Idempotency-Key", "repeated", "is sent more than once"))
    if not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
        detail = f"is not a valid key; a key has 1-{MAX_KEY} printable ASCII characters"
        raise Invalid.of(FieldError("Idempotency-Key", "bad_format", detail, MAX_KEY, len(key)))
    session = await require_session(await session_of(request))
    return f"{session.user_id} {request.method} {request.url.path} {key}"


async def _fingerprint(request: Request, content: Any) -> str:
    """Return a fingerprint that is equal for equal JSON in any order of keys, for equal form fields and files, and for
    equal query parameters."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        content = [[name, await _digest(value)] for name, value in (await upload_form(request)).multi_items()]
    if request.query_params:
        content = [content, sorted(request.query_params.multi_items())]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


async def _digest(value: UploadFile | str) -> str:
    if isinstance(value, str):
        return value
    data = await value.read()
    await value.seek(0)
    return await asyncio.to_thread(_sha256, data)  # tens of milliseconds for the largest upload


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def _answer(request: Request, handler: Handler) -> Response:
    """Return the response. Errors are responses too, and are stored in the same way."""
    try:
        return await handler(request)
    except DomainError as error:
        return respond(request, error)
    except RequestValidationError as error:
        return respond(request, Invalid.of(*field_errors(error.errors())))


def _is_storable(response: Response) -> bool:
    transient = {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
    return response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR and response.status_code not in transient


def _stored_result(response: Response) -> StoredResult:
    """Store the status as code and the headers as attributes."""
    headers = tuple((name, value) for name, value in response.headers.items() if name in STORED_HEADERS)
    return StoredResult(response.status_code, headers, bytes(response.body))
