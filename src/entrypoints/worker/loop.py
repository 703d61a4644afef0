"""The worker's job loop and periodic tasks."""

import asyncio
from asyncio import Event
from collections.abc import Awaitable
from functools import partial

from container import Container
from entrypoints.worker.once import Action, once_per_deployment
from entrypoints.worker.schedule import PeriodicTasks, Schedule


async def run_worker(container: Container, stop: Event, schedule: Schedule | None = None) -> None:
    """Work until `stop` is set, then complete the jobs in progress and return.

    Jobs come from the queue. Periodic tasks install the desired model, queue due jobs, delete unreferenced blobs, and
    delete expired responses, tokens, captions and ranking snapshots. At the start, unindexed posts are indexed. Images
    without a PDQ hash are hashed when a list needs it, and counters are checked from time to time. The tasks are
    independent, and an unavailable database is retried. Maintenance is done by one worker of the deployment at a time.
    """
    schedule = schedule or Schedule()
    tasks = PeriodicTasks(stop, schedule, container.jitter())
    understanding = container.image_analysis()

    async def run_jobs() -> None:
        await container.storage().queue.work(container.job_handler().handle, stop)

    async def index_old_posts() -> None:
        await container.indexing().catch_up(stop.is_set)

    async def hash_old_images() -> None:
        await container.image_hashing().catch_up(stop.is_set)

    async def delete_expired_responses() -> None:
        await container.storage().idempotency_store.delete_expired(container.clock().now())

    async def check_counters() -> None:
        await container.storage().counters.record_check(container.clock().now())

    def repeat_once(seconds: float, action: Action) -> Awaitable[None]:
        runs, clock = container.storage().maintenance_runs, container.clock()
        return tasks.repeat(seconds, once_per_deployment(action, seconds, runs, clock), after=schedule.startup_delay)

    hourly = partial(repeat_once, schedule.maintenance)
    await asyncio.gather(
        tasks.retry_until_done(run_jobs),
        tasks.retry_until_done(index_old_posts),
        tasks.repeat(schedule.sweep, container.model_synchronizing().synchronize),
        tasks.repeat(schedule.sweep, understanding.sweep),
        tasks.repeat(schedule.sweep, container.mailing().sweep),
        tasks.repeat(schedule.sweep, container.image_screening().sweep),
        tasks.repeat(schedule.sweep, container.sensitivity_scoring().sweep),
        tasks.repeat(schedule.cleanup, hash_old_images),
        repeat_once(schedule.cleanup, container.ranking().delete_expired),
        repeat_once(schedule.cleanup, container.rate_limiting().delete_expired),
        hourly(container.sweeping().delete_unposted),
        hourly(container.sweeping().delete_old_upload_totals),
        hourly(container.sweeping().sweep),
        hourly(container.sign_in_guard().delete_expired),
        hourly(check_counters),
        hourly(container.signing_in().delete_expired),
        hourly(container.accounts().delete_expired_reservations),
        hourly(container.mailing().delete_expired),
        hourly(container.signing_in().forget_origins),
        hourly(container.inviting().delete_expired),
        hourly(container.second_step().delete_expired),
        hourly(container.captioning().delete_unreferenced),
        hourly(delete_expired_responses),
    )
