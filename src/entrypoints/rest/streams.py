"""The open notification streams of one process: their number, and the end of each."""

import asyncio
import logging
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from time import monotonic

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from container import Container
from domain.errors import DomainError, Unavailable
from domain.rate_limits import STREAMS
from domain.services.rate_limiting import Slot
from domain.tokens import Session

MAX_STREAM_SECONDS = 3600.0
"""Maximum duration of a stream in seconds. Its client then reconnects, possibly to a process with fewer streams."""
STOP_CHECK_INTERVAL = 1.0
"""Seconds between two checks of whether the server stops; one check serves all streams."""
LAST_SEND_TIMEOUT = 5.0
"""Seconds that a client has to receive the end of its stream."""

logger = logging.getLogger("tintype.rest")


@dataclass(eq=False, slots=True)
class Stream:
    session: Session
    slot: Slot | None = None
    deadline: asyncio.Timeout | None = None

    def end(self) -> None:
        if self.deadline is not None and not self.deadline.expired():
            self.deadline.reschedule(asyncio.get_running_loop().time())


class Streams:
    """The open streams. While there are any, one task ends those whose session has ended, and all of them when the
    server stops. It renews the leases of their slots, by which all processes together count a user's streams."""

    def __init__(self, container: Container, is_stopping: Callable[[], bool]) -> None:
        self._signing_in = container.signing_in
        self._rate_limiting = container.rate_limiting
        self._max_streams = container.config.max_streams()
        self._session_check = container.config.session_check_seconds()
        self._is_stopping = is_stopping
        self._open: set[Stream] = set()
        self._maintenance: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def open_stream(self, session: Session) -> AsyncIterator[Stream]:
        """Acquire a slot for another stream. Raises `NoFreeSlot` and `Unavailable`."""
        if len(self._open) >= self._max_streams:
            detail = f"this server has its limit of {self._max_streams} streams; read GET /v1/notifications instead"
            raise Unavailable(detail, retry_after=30, limit=self._max_streams)
        stream = Stream(session)
        self._open.add(stream)
        if self._maintenance is None:
            self._maintenance = asyncio.create_task(self._maintain())
        try:
            stream.slot = await self._rate_limiting().acquire(STREAMS, session.user_id)
            yield stream
        finally:
            self._open.discard(stream)
            if not self._open and self._maintenance is not None:
                self._maintenance.cancel()
                self._maintenance = None
            await self._release(stream)

    async def _release(self, stream: Stream) -> None:
        try:
            if stream.slot is not None:
                await self._rate_limiting().release(stream.slot)
        except Unavailable as error:  # the lease expires by itself
            logger.warning("the slot of a stream that has ended could not be released: %s", error.operator_message)

    async def _maintain(self) -> None:
        checked = monotonic()
        while True:
            await asyncio.sleep(min(STOP_CHECK_INTERVAL, self._session_check))
            if self._is_stopping():
                for stream in self._open:
                    stream.end()
            elif monotonic() - checked >= self._session_check:
                await self._check_sessions(list(self._open))
                checked = monotonic()

    async def _check_sessions(self, streams: list[Stream]) -> None:
        """Check all sessions with one statement, and renew all slots with one."""
        slots = [stream.slot for stream in streams if stream.slot is not None]
        try:
            valid = await self._signing_in().filter_valid({stream.session.token_id for stream in streams})
            await self._rate_limiting().extend(STREAMS, slots)
        except DomainError as error:  # without the database nothing is sent either
            logger.warning("the sessions of open streams could not be checked: %s", error.operator_message)
            return
        for stream in streams:
            if stream.session.token_id not in valid:
                stream.end()


class EventStream(StreamingResponse):
    """Server-Sent Events until the client disconnects or the stream ends. `resources` are closed with it."""

    def __init__(self, events: AsyncIterable[str], stream: Stream, resources: AsyncExitStack) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, media_type="text/event-stream", headers=headers)
        self._stream = stream
        self._resources = resources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._resources:
            try:
                async with asyncio.timeout(MAX_STREAM_SECONDS) as self._stream.deadline:
                    await super().__call__(scope, receive, send)
            except TimeoutError:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LAST_SEND_TIMEOUT):
                        await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                self._stream.deadline = None  # while the resources close, there is nothing left to end
