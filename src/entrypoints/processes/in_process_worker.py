"""Runs the worker inside the API process, since other processes cannot see memory storage."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from container import Container
from entrypoints.worker.loop import run_worker

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class InProcessWorker:
    """An ASGI application whose worker runs from startup to shutdown."""

    def __init__(self, app: App, container: Container) -> None:
        self._app = app
        self._container = container

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._run_lifespan(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _run_lifespan(self, scope: Message, receive: Receive, send: Send) -> None:
        stop = asyncio.Event()
        worker: asyncio.Task[None] | None = None

        async def receive_and_stop() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and worker:
                stop.set()
                await worker
            return message

        async def send_and_start(message: Message) -> None:
            nonlocal worker
            if message["type"] == "lifespan.startup.complete":
                worker = asyncio.create_task(run_worker(self._container, stop))
            await send(message)

        await self._app(scope, receive_and_stop, send_and_start)
