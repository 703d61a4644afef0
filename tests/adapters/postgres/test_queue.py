"""The queue during failures: closed connections, and killed workers."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
import pytest

from adapters.postgres.database import Database
from adapters.postgres.jobs import PostgresQueue
from adapters.postgres.listening import ListeningDriver
from adapters.postgres.unit_of_work import PostgresUnitOfWorkFactory
from domain.ids import ImageId
from domain.jobs import BATCH_SIZE, Job, QueuedJob
from domain.understanding import Task
from tests.adapters.postgres.test_recovery import cut_connections
from tests.databases import empty_database

pytestmark = pytest.mark.postgres

TIMEOUT = 30


def a_job() -> Job:
    return Job(Task.CLASSIFICATION, ImageId(uuid4()))


async def enqueue(database: Database, *jobs: Job) -> None:
    async with PostgresUnitOfWorkFactory(database)() as uow:
        await uow.jobs.enqueue(*jobs)
        await uow.commit()


async def test_notification_before_listening_is_not_lost(database_url: str) -> None:
    heard = asyncio.Queue[str | bytes | bytearray]()
    async with asyncpg.create_pool(database_url, min_size=2, max_size=4) as pool, ListeningDriver(pool) as driver:
        sent = asyncio.create_task(driver.notify("early", "a check"))
        await pool.execute("select pg_sleep(0.2)")  # time enough to send it too early

        await driver.add_listener("early", heard.put_nowait)

        assert await asyncio.wait_for(heard.get(), TIMEOUT) == "a check"
        await sent


async def test_worker_continues_after_connections_were_cut(database_url: str) -> None:
    await empty_database(database_url)
    database, done = Database(database_url), asyncio.Queue[Sequence[QueuedJob]]()
    stop = asyncio.Event()
    worker = asyncio.create_task(PostgresQueue(database).work(done.put, stop))
    before, after = a_job(), a_job()
    await enqueue(database, before)
    assert await asyncio.wait_for(done.get(), TIMEOUT) == [before]

    await cut_connections(database_url)
    await enqueue(database, after)

    assert await asyncio.wait_for(done.get(), TIMEOUT) == [after]
    stop.set()
    await asyncio.wait_for(worker, TIMEOUT)
    await database.close()


async def test_stopping_worker_completes_started_jobs_only(database_url: str) -> None:
    await empty_database(database_url)
    database = Database(database_url)
    begun, go_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    finished: list[QueuedJob] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        begun.set()
        await go_on.wait()
        finished.extend(jobs)

    jobs = [a_job() for _ in range(4 * BATCH_SIZE)]
    await enqueue(database, *jobs)
    worker = asyncio.create_task(PostgresQueue(database, concurrency=2).work(handle, stop))
    await asyncio.wait_for(begun.wait(), TIMEOUT)
    stop.set()
    go_on.set()
    await asyncio.wait_for(worker, TIMEOUT)

    assert 1 <= len(finished) <= 2 * BATCH_SIZE
    left: list[QueuedJob] = []

    async def take(jobs: Sequence[QueuedJob]) -> None:
        left.extend(jobs)

    await PostgresQueue(database).drain(take)
    assert sorted([*finished, *left], key=str) == sorted(jobs, key=str)
    await database.close()


async def test_job_of_dead_worker_is_taken_by_another(database_url: str) -> None:
    await empty_database(database_url)
    database, job = Database(database_url), a_job()
    await enqueue(database, job)
    async with database.connection() as connection:  # what a killed worker leaves behind
        await connection.execute("update jobs.pgqueuer set status = 'picked', heartbeat = now() - interval '1 minute'")

    taken, stop = asyncio.Queue[Sequence[QueuedJob]](), asyncio.Event()
    worker = asyncio.create_task(PostgresQueue(database).work(taken.put, stop))

    assert await asyncio.wait_for(taken.get(), TIMEOUT) == [job]
    stop.set()
    await asyncio.wait_for(worker, TIMEOUT)
    await database.close()
