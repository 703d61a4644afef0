"""The job queue, by pgqueuer in the same PostgreSQL. A job is a row of the transaction that enqueues it."""

import asyncio
import logging
from asyncio import Event, TaskGroup
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg

from adapters.postgres.database import Connection, Database
from adapters.postgres.errors import translate_errors
from adapters.postgres.job_batches import JobBatches
from domain.errors import Unavailable
from domain.ids import EmailId, ImageId
from domain.jobs import (
    BATCH_SIZE,
    BlocklistJob,
    DetectionJob,
    EmailJob,
    Handle,
    Job,
    Jobs,
    Queue,
    QueuedJob,
    ScreeningJob,
    is_batched,
)
from domain.tracing import TraceContext
from domain.understanding import Task

SCHEMA = "jobs"
"""The schema in which the migrations create pgqueuer's tables."""
SINGLE, BATCHED = "understand", "classify"
"""The names of the two kinds of jobs (`is_batched`) in the queue. A backlog of one kind does not delay the other."""
TRACE = "otel"
"""The header with the trace of a job, named as in pgqueuer."""

POLL_INTERVAL = timedelta(seconds=2)
"""Polling interval. pgqueuer's trigger announces new jobs at once, but not jobs that were returned to the queue."""
HEARTBEAT_TIMEOUT = timedelta(seconds=30)
"""A job without a heartbeat for this long counts as abandoned. It is well within the lease of an attempt, so the row
states that nothing is due yet."""
MAX_PAUSE = 30.0
PRUNE_INTERVAL = 3600.0

logger = logging.getLogger("tintype.jobs")


class PostgresJobs(Jobs):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def enqueue(self, *jobs: QueuedJob) -> None:
        if not jobs:
            return
        from pgqueuer.db import AsyncpgDriver

        payloads = [_payload(job) for job in jobs]
        await _queries(AsyncpgDriver(self._connection)).enqueue(
            [BATCHED if is_batched(job) else SINGLE for job in jobs],
            [payload.encode() for payload in payloads],
            [-job.turn for job in jobs],
            dedupe_key=payloads,
            headers=[{TRACE: dict(job.trace)} if job.trace else None for job in jobs],
            on_conflict="skip",
        )


@dataclass(frozen=True, slots=True)
class _Lane:
    """The jobs that one consumer takes: up to `batch` in one statement, up to `held` at once, of which those that are
    not handled yet form the next batch."""

    entrypoints: tuple[str, ...]
    batch: int
    held: int


class PostgresQueue(Queue):
    """Handles up to `concurrency` batches and as many other jobs at once. Any number of workers may share the queue."""

    def __init__(self, database: Database, concurrency: int = 2) -> None:
        self._database = database
        self._concurrency = concurrency
        self._batched = _Lane((BATCHED,), BATCH_SIZE, 3 * BATCH_SIZE)
        self._single = _Lane((SINGLE,), 1, max(concurrency, 2))
        self._all = _Lane((BATCHED, SINGLE), BATCH_SIZE, 3 * BATCH_SIZE)

    async def work(self, handle: Handle, stop: Event) -> None:
        async with TaskGroup() as lanes:
            for lane in (self._batched, self._single):
                lanes.create_task(self._work(lane, handle, stop))

    async def _work(self, lane: _Lane, handle: Handle, stop: Event) -> None:
        from pgqueuer.errors import FailingListenerError

        pause = 1.0
        while not stop.is_set():
            try:
                with translate_errors():
                    await self._consume(lane, handle, stop, drain=False)
                pause = 1.0
            except Unavailable as error:
                logger.warning("%s; polling again in %.0f s", error.operator_message, pause)
            except FailingListenerError:
                logger.warning("the queue's listener receives no notifications; listening again in %.0f s", pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0 if stop.is_set() else pause)
            pause = min(2 * pause, MAX_PAUSE)

    async def drain(self, handle: Handle) -> int:
        count = 0

        async def handle_and_count(jobs: Sequence[QueuedJob]) -> None:
            nonlocal count
            count += len(jobs)
            await handle(jobs)

        with translate_errors():
            await self._consume(self._all, handle_and_count, Event(), drain=True)
        return count

    async def _consume(self, lane: _Lane, handle: Handle, stop: Event, *, drain: bool) -> None:
        from pgqueuer import PgQueuer
        from pgqueuer.types import QueueExecutionMode

        from adapters.postgres.listening import ListeningDriver

        async with self._open_pool() as pool:
            driver = ListeningDriver(pool)
            consumer = PgQueuer(driver, queries=_queries(driver))
            batches = {name: JobBatches(handle, BATCH_SIZE if name == BATCHED else 1) for name in lane.entrypoints}
            for name in lane.entrypoints:
                consumer.entrypoint(name)(_taker(batches[name]))
            runners = [one.run() for one in batches.values() for _ in range(self._concurrency)]
            closing = _close_on(stop, consumer.shutdown, *batches.values())
            async with _run_in_background(closing, _prune_logs(pool), *runners):
                await consumer.qm.run(
                    dequeue_timeout=POLL_INTERVAL,
                    batch_size=lane.batch,
                    mode=QueueExecutionMode.drain if drain else QueueExecutionMode.continuous,
                    max_concurrent_tasks=lane.held,
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=HEARTBEAT_TIMEOUT,
                )

    @asynccontextmanager
    async def _open_pool(self) -> AsyncIterator[Any]:
        # The listener occupies one connection.
        pool = await asyncpg.create_pool(
            min_size=1, max_size=self._concurrency + 2, connect=self._connect, reset=_skip_reset
        )
        try:
            yield pool
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), 5)
            pool.terminate()

    async def _connect(self, *_address: Any, **options: Any) -> Connection:
        return await self._database.connect_directly(**options)


def _taker(batches: JobBatches) -> Callable[[Any], Awaitable[None]]:
    async def take(job: Any) -> None:
        trace: TraceContext = job.otel_headers() or {}
        await batches.deliver(replace(_parse_job(job.payload.decode()), trace=trace))

    return take


async def _close_on(stop: Event, shutdown: Event, *batches: JobBatches) -> None:
    await stop.wait()
    shutdown.set()
    for one in batches:
        one.close()


async def _prune_logs(pool: Any) -> None:
    """Delete pgqueuer's logs: it stores three rows for each job and never deletes them."""
    while True:
        await pool.execute("delete from jobs.pgqueuer_log where created < now() - interval '1 day'")
        await pool.execute("delete from jobs.pgqueuer_statistics where created < now() - interval '7 days'")
        await asyncio.sleep(PRUNE_INTERVAL)


@asynccontextmanager
async def _run_in_background(*coroutines: Any) -> AsyncIterator[None]:
    """Run coroutines during the block and stop them at its end. The block has to notice their failures."""
    tasks = [asyncio.create_task(one) for one in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _skip_reset(_connection: Connection) -> None:
    """Skip the reset: pgqueuer leaves no state in a session."""


def _queries(driver: Any) -> Any:
    from pgqueuer.queries import Queries

    return Queries(driver, *_builders())


@cache
def _builders() -> tuple[Any, Any, Any]:
    """Return pgqueuer's statement builders for our schema, so that no environment variable is needed."""
    from pgqueuer.adapters.persistence import qb

    settings = qb.DBSettings(db_schema=SCHEMA)
    return qb.QueryBuilderEnvironment(settings), qb.QueryQueueBuilder(settings), qb.QuerySchedulerBuilder(settings)


def _payload(job: QueuedJob) -> str:
    match job:
        case EmailJob():
            return f"email:{job.email_id}"
        case ScreeningJob():
            return f"screening:{job.image_id}"
        case BlocklistJob():
            return "blocklist"
        case DetectionJob():
            return f"detection:{job.image_id}"
        case Job():
            return f"{job.task}:{job.image_id}"


def _parse_job(payload: str) -> QueuedJob:
    kind, _, subject = payload.partition(":")
    match kind:
        case "email":
            return EmailJob(EmailId(UUID(subject)))
        case "screening":
            return ScreeningJob(ImageId(UUID(subject)))
        case "blocklist":
            return BlocklistJob()
        case "detection":
            return DetectionJob(ImageId(UUID(subject)))
        case _:
            return Job(Task(kind), ImageId(UUID(subject)))
