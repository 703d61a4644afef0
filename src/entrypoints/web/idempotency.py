"""Idempotent forms: a double click, a reload or a lost response has no further effect."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from domain.errors import Conflict
from domain.idempotency import Claim, RequestInProgress, StoredResult
from domain.services.request_claims import RequestClaims
from entrypoints.http.dependencies import container_of
from entrypoints.web.csrf import TOKEN_FIELD as TOKEN
from entrypoints.web.csrf import form_secret

FORM_ID_FIELD = "form_id"
MAX_WAIT = 20.0
"""Seconds that a repeated form waits for the first one to end."""
_POLL_INTERVAL = 0.1


class StillRunning(Conflict):
    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("the same form is being processed; check its result in a few seconds")


async def run_once(request: Request, action: Callable[[], Awaitable[UUID]]) -> UUID:
    """Return the result of `action`, or the stored result if this form was sent before. Forms without an id and forms
    with other content count as new. A rejected form can be sent again. Raises `StillRunning`."""
    form: FormData = request.state.sent
    if not form.get(FORM_ID_FIELD):
        return await action()
    claims = container_of(request).request_claims()
    claim = await _claim(claims, await _scope(request, form))
    if isinstance(claim, StoredResult):
        return UUID(claim.body.decode())
    try:
        created = await action()
    except BaseException:  # also when the browser disconnects
        await claims.release(claim)
        raise
    await claims.save(claim, StoredResult(200, (), str(created).encode()))
    return created


async def _claim(claims: RequestClaims, scope: str) -> Claim | StoredResult:
    """Claim the scope, or return the result of the first request. A repeated one waits for it, because its browser
    displays only the last response."""
    for _ in range(int(MAX_WAIT / _POLL_INTERVAL)):
        try:
            return await claims.claim(scope, "")
        except RequestInProgress:
            await asyncio.sleep(_POLL_INTERVAL)
    raise StillRunning


async def _scope(request: Request, form: FormData) -> str:
    """Return a hash of sender, form id and content. Only the page knows the form's id, so that a stolen database does
    not reveal passwords in forms."""
    digest = hashlib.sha256(f"{form_secret(request)} {request.url.path}".encode())
    for name, value in form.multi_items():
        if name != TOKEN:
            digest.update(f"\0{name}\0".encode("utf-8", "surrogatepass"))
            digest.update(await _digest_input(value))
    return f"form {digest.hexdigest()}"


async def _digest_input(value: UploadFile | str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    data = await value.read()
    await value.seek(0)
    return (await asyncio.to_thread(hashlib.sha256, data)).digest()
