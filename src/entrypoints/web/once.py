"""Forms that are done once, however often a browser sends them: a double click, a reload, a lost answer."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from uuid import UUID

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from domain.errors import Conflict
from domain.idempotency import Answer, Answers, RequestInProgress
from entrypoints.rest.dependencies import container_of
from entrypoints.web.forgery import FIELD as TOKEN
from entrypoints.web.forgery import secret_of

FIELD = "form_id"
LONGEST_WAIT = 20.0
"""Seconds that a repeat waits for the first one to end."""
_PAUSE = 0.1


class StillRunning(Conflict):
    code = "request_in_progress"

    def __init__(self) -> None:
        super().__init__("the same form is still being worked on; look in a moment whether it is done")


async def once(request: Request, act: Callable[[], Awaitable[UUID]]) -> UUID:
    """What `act` made, or what it made when this very form was sent before. A form without an id is a new one each
    time; so is one whose content has changed. What was refused can be sent again. Raises `StillRunning`."""
    form: FormData = request.state.sent
    if not form.get(FIELD):
        return await act()
    answers, clock = container_of(request).storage().answers, container_of(request).clock()
    scope = await _scope(request, form)
    kept = await _claim(answers, scope, request)
    if kept is not None:
        return UUID(kept.body.decode())
    try:
        made = await act()
    except BaseException:  # also when the browser has gone
        await answers.release(scope)
        raise
    await answers.keep(scope, Answer(200, (), str(made).encode()), clock.now())
    return made


async def _claim(answers: Answers, scope: str, request: Request) -> Answer | None:
    """None for the first one. A repeat waits for it, as its browser shows only the last answer."""
    clock = container_of(request).clock()
    for _ in range(int(LONGEST_WAIT / _PAUSE)):
        try:
            return await answers.claim(scope, "", clock.now())
        except RequestInProgress:
            await asyncio.sleep(_PAUSE)
    raise StillRunning


async def _scope(request: Request, form: FormData) -> str:
    """Of the sender, the form and all it says. Hashed with the form's id, which only its page knows: a stolen database
    tells nothing of a password in it."""
    found = hashlib.sha256(f"{secret_of(request)} {request.url.path}".encode())
    for name, value in form.multi_items():
        if name != TOKEN:
            found.update(f"\0{name}\0".encode("utf-8", "surrogatepass"))
            found.update(await _bytes(value))
    return f"form {found.hexdigest()}"


async def _bytes(value: UploadFile | str) -> bytes:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    data = await value.read()
    await value.seek(0)
    return (await asyncio.to_thread(hashlib.sha256, data)).digest()
