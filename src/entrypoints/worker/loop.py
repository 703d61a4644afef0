"""What a worker does all day."""

import asyncio
from asyncio import Event
from functools import partial

from container import Container
from entrypoints.worker.rhythm import Loops, Rhythm


async def run_worker(container: Container, stop: Event, rhythm: Rhythm | None = None) -> None:
    """Work until `stop` is set, then finish the jobs begun and return.

    Jobs come from the queue; beside it loops wake what is due, clear away blobs that nothing names, and forget old
    answers, tokens, captions and orders of rankings; at its start it indexes posts that
    never were, and now and then it proves the counters. None of them can stop another, and a database that is away is
    tried again.
    """
    rhythm = rhythm or Rhythm()
    loops = Loops(stop, rhythm, container.jitter())
    understanding = container.understanding()

    async def take_jobs() -> None:
        await container.storage().queue.work(understanding.attempt, stop)

    async def index_old_posts() -> None:
        await container.indexing().catch_up(stop.is_set)

    async def forget_answers() -> None:
        await container.storage().answers.forget(container.clock().now())

    async def check_counters() -> None:
        await container.storage().counters.check(container.clock().now())

    hourly = partial(loops.every, rhythm.housekeeping, after=rhythm.settling)
    await asyncio.gather(
        loops.insist(take_jobs),
        loops.insist(index_old_posts),
        loops.every(rhythm.sweep, understanding.sweep),
        loops.every(rhythm.forgetting, container.ranking().forget_past, after=rhythm.settling),
        loops.every(rhythm.forgetting, container.rate_limiting().forget, after=rhythm.settling),
        hourly(container.sweeping().delete_unposted),
        hourly(container.sweeping().forget_daily_uploads),
        hourly(container.sweeping().sweep),
        hourly(container.guard().forget),
        hourly(check_counters),
        hourly(container.signing_in().forget_expired),
        hourly(container.captioning().forget_unnamed),
        hourly(forget_answers),
    )
