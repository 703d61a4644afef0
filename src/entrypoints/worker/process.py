"""A worker in a process of its own."""

import asyncio
import logging
import signal

from container import Container
from entrypoints.default_model import ensure_model
from entrypoints.lifecycle import opened
from entrypoints.worker.loop import run_worker

logger = logging.getLogger("tintype.worker")


async def work(container: Container) -> None:
    """Work until SIGTERM or SIGINT, finish what has begun, and return; a second signal cuts that short."""
    stop, task, loop = asyncio.Event(), asyncio.current_task(), asyncio.get_running_loop()

    def asked_to_stop() -> None:
        if stop.is_set() and task:
            task.cancel()
        stop.set()

    for asked in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(asked, asked_to_stop)
    container.decoding().start()
    await asyncio.to_thread(ensure_model, container)
    async with opened(container):
        logger.info("the worker is waiting for pictures")
        await run_worker(container, stop)
    logger.info("the worker has stopped")
