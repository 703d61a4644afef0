"""`tintype serve`: start-up and shutdown order."""

import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass
from threading import Thread

from container import Container
from domain.errors import Unavailable
from entrypoints.banner import banner
from entrypoints.choices import Store
from entrypoints.default_model import current_model, ensure_model_in_subprocess
from entrypoints.garbage import exclude_loaded
from entrypoints.logs import configure_logging
from entrypoints.processes.fetch_process import FetchProcess
from entrypoints.processes.listen import claim_metrics_port, claim_port
from entrypoints.processes.server import DRAIN_SECONDS, Server
from entrypoints.processes.watchdog import keep_running
from entrypoints.processes.worker_process import WorkerProcess
from entrypoints.settings import Settings
from release import RELEASE

logger = logging.getLogger("tintype.serve")


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The number of API processes, and whether a worker runs too."""

    workers: int = 1
    worker: bool = True


class SchemaMismatch(Unavailable):
    """The database has a schema that this program cannot use."""

    code = "behind_migrations"


def serve(settings: Settings, options: ServeOptions) -> None:
    """Serve until stopped. Raises `Unavailable` if serving is impossible.

    The port is checked first, before anything is changed. The embedded database is joined before all other processes
    start and left after they have ended, so that it is started and stopped once. Meanwhile a thread loads the
    application, which the API processes then inherit.
    """
    configure_logging()
    signal.signal(signal.SIGTERM, _exit)
    address = claim_port(settings.host, settings.port)
    claim_metrics_port(settings.host, settings.metrics_port, settings.port)
    # The child processes read their settings from the environment.
    os.environ |= {"TINTYPE_HOST": settings.host, "TINTYPE_PORT": str(settings.port)}
    container = Container(config=settings.config())
    container.classifier_runtime()  # raises if it is missing
    container.tracing_packages()
    ensure_model_in_subprocess(container, settings)
    if settings.store is Store.MEMORY:
        logger.warning("TINTYPE_STORE=memory: all data are lost when this process ends")
        _run(settings, ServeOptions(workers=1, worker=False), address, container)
    elif settings.is_embedded:
        loading = Thread(target=_load_application, args=(container,), name="load-application")
        loading.start()
        with container.embedded() as embedded:
            loading.join()
            asyncio.run(_migrate(container))
            with keep_running(embedded.join):
                _run(settings, options, address, container)
    else:
        asyncio.run(_refuse_unusable_schema(container))
        _run(settings, options, address, container)


def _load_application(container: Container) -> None:
    """Load what the API processes inherit."""
    from entrypoints.asgi import load_routes

    load_routes()
    container.storage()


def _run(settings: Settings, options: ServeOptions, address: str, container: Container) -> None:
    _load_application(container)
    exclude_loaded()
    print(banner(settings, options.worker, current_model(container)), flush=True)
    worker, fetching = WorkerProcess(), FetchProcess(container.model_fetcher().time_until_due)
    api = Server(address, settings.port, options.workers)
    api.on_stop, api.on_kill = worker.request_stop, worker.kill
    if options.worker:
        worker.start()
    if settings.can_fetch_model:
        fetching.start()
    try:
        api.run(with_worker=settings.store is Store.MEMORY)
    finally:
        fetching.stop()
        if options.worker:
            worker.stop(DRAIN_SECONDS)


async def _migrate(container: Container) -> None:
    try:
        for revision in await container.migrations().upgrade():
            logger.info("migrated the database to %s", revision)
    finally:
        await container.database().close()


async def _refuse_unusable_schema(container: Container) -> None:
    try:
        state = await container.migrations().state()
    finally:
        await container.database().close()
    if not state.is_usable:
        at = f"at migration {state.revision}" if state.revision else "empty"
        raise SchemaMismatch(f"the database is {at}, which Tintype {RELEASE} cannot use; {state.remedy}")


def _exit(signum: int, _frame: object) -> None:
    """Unwind, so that the database is closed properly. Used until the API installs its own handlers."""
    sys.exit(128 + signum)
