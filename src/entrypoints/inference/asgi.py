"""The application factory of the inference service, for the server."""

import asyncio
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
    container.config.service.from_value("tintype-inference")
    container.decoding().start()
    print(inference_banner(settings, current_model(container)), flush=True)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async def exposition() -> bytes:
            text: bytes = await app.state.metrics.exposition(container.network().current_load())
            return text

        async with metrics_server(settings.host, settings.metrics_port, exposition):
            yield
        if tracing := container.tracing():
            await asyncio.to_thread(tracing.close)

    return create_app(container, lifespan)


def _use_batch_scheduling() -> None:
    """Let incoming requests wait for a pause of the inference threads: interruptions would cost a thirtieth of the
    throughput. Only Linux has this scheduling policy, and some sandboxes forbid it."""
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
