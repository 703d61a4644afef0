"""`tintype serve`: who starts when, and who leaves last."""

import asyncio
import logging
import os
import signal
import sys
from dataclasses import dataclass

from container import Container
from domain.errors import Unavailable
from entrypoints.choices import Store
from entrypoints.default_model import current_model, ensure_model_apart
from entrypoints.logs import configure
from entrypoints.serving.api import DRAIN, Api
from entrypoints.serving.banner import banner
from entrypoints.serving.beside import WorkerBeside
from entrypoints.serving.fetching import FetcherBeside
from entrypoints.serving.ports import claim, claim_metrics
from entrypoints.serving.standby import kept_running
from entrypoints.settings import Settings

logger = logging.getLogger("tintype.serve")


@dataclass(frozen=True, slots=True)
class Plan:
    """How to serve: how many processes the API has, and whether a worker runs beside it."""

    workers: int = 1
    worker: bool = True


class BehindMigrations(Unavailable):
    """The database has another schema than this program."""

    code = "behind_migrations"


def serve(settings: Settings, plan: Plan) -> None:
    """Serve until told to stop. Raises `Unavailable` (with one sentence) when serving cannot begin.

    The port comes first, as nothing else should happen when it is taken; the embedded database is joined before and
    left after everybody else, so that it is started once and stopped at the very end.
    """
    configure()
    signal.signal(signal.SIGTERM, _leave)
    address = claim(settings.host, settings.port)
    claim_metrics(settings.host, settings.metrics_port, settings.port)
    # The children read their settings from the environment, as any process does.
    os.environ |= {"TINTYPE_HOST": settings.host, "TINTYPE_PORT": str(settings.port)}
    container = Container(config=settings.config())
    container.classifier_runtime()  # raises where it is missing
    ensure_model_apart(container, settings)
    if settings.store is Store.MEMORY:
        logger.warning("TINTYPE_STORE=memory: nothing is kept, all of it is gone when this ends")
        _run(settings, Plan(workers=1, worker=False), address, container)
    elif settings.embedded:
        with container.embedded() as embedded:
            asyncio.run(_migrated(container))
            with kept_running(embedded.join):
                _run(settings, plan, address, container)
    else:
        asyncio.run(_refuse_other_schema(container))
        _run(settings, plan, address, container)


def _run(settings: Settings, plan: Plan, address: str, container: Container) -> None:
    print(banner(settings, plan.worker, current_model(container)), flush=True)
    beside, fetching = WorkerBeside(), FetcherBeside(container.fetching().wait)
    api = Api(address, settings.port, plan.workers)
    api.when_stopping, api.when_hurried = beside.ask_to_stop, beside.hurry
    if plan.worker:
        beside.start()
    if settings.fetches:
        fetching.start()
    try:
        api.run(with_worker=settings.store is Store.MEMORY)
    finally:
        fetching.stop()
        if plan.worker:
            beside.stop(DRAIN)


async def _migrated(container: Container) -> None:
    try:
        for revision in await container.migrations().upgrade():
            logger.info("migrated the database to %s", revision)
    finally:
        await container.database().close()


async def _refuse_other_schema(container: Container) -> None:
    migrations = container.migrations()
    try:
        found, wanted = await migrations.current(), migrations.head()
    finally:
        await container.database().close()
    if found != wanted:
        raise BehindMigrations(
            f"the database is at migration {found or 'none'}, this version of Tintype needs {wanted}; "
            "run `tintype db upgrade`, or, if the database is the newer one, a newer Tintype"
        )


def _leave(signum: int, _frame: object) -> None:
    """Until the API has handlers of its own: unwind, so that the database is left in good order."""
    sys.exit(128 + signum)
