"""A worker in its own process."""

import asyncio
import logging
import signal

from container import Container
from entrypoints.default_model import ensure_model
from entrypoints.garbage import collect_normally
from entrypoints.lifecycle import open_container
from entrypoints.worker.loop import run_worker

logger = logging.getLogger("tintype.worker")


async def run_until_signal(container: Container) -> None:
    """Work until SIGTERM or SIGINT, complete the jobs in progress, and return; a second signal aborts them."""
    stop, task, loop = asyncio.Event(), asyncio.current_task(), asyncio.get_running_loop()

    def request_stop() -> None:
        if stop.is_set() and task:
            task.cancel()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, request_stop)
    container.config.service.from_value("tintype-worker")
    container.decoding().start()
    await asyncio.to_thread(ensure_model, container)
    async with open_container(container):
        collect_normally()
        logger.info("the worker is ready")
        await run_worker(container, stop)
    logger.info("the worker has stopped")
