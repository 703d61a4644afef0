"""The application of the inference service, as the server loads it."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from container import Container
from entrypoints.banner import inference_banner
from entrypoints.default_model import current_model
from entrypoints.http.metrics_server import metrics_server
from entrypoints.inference.app import create_app
from entrypoints.settings import Settings


def create() -> FastAPI:
    _use_batch_scheduling()
    settings = Settings()
    container = Container(config=settings.config())
    container.decoding().start()
    print(inference_banner(settings, current_model(container)), flush=True)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async def exposition() -> bytes:
            found: bytes = await app.state.metrics.exposition(container.network().current_load())
            return found

        async with metrics_server(settings.host, settings.metrics_port, exposition):
            yield

    return create_app(container, lifespan)


def _use_batch_scheduling() -> None:
    """Let a request that comes in wait for a pause of the network's threads: to be interrupted by each cost a thirtieth
    of all images a second. Linux alone has a policy for it, and not every sandbox allows it."""
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
