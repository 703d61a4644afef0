"""Runs the batches of `tintype model backfill` in this process."""

import asyncio
from collections.abc import Sequence

from container import Container
from domain.ids import ImageId
from domain.jobs import BATCH_SIZE
from domain.services.backfilling import Advance
from domain.vision import Model

CONCURRENCY = 2
"""The number of concurrent batches: one is stored while the other is classified."""


class LocalEngine:
    def __init__(self, container: Container) -> None:
        self._backfilling = container.backfilling()

    async def run(self, image_ids: Sequence[ImageId], model: Model, advance: Advance) -> None:
        batches = iter([image_ids[at : at + BATCH_SIZE] for at in range(0, len(image_ids), BATCH_SIZE)])

        async def work() -> None:
            for batch in batches:
                await self._backfilling.classify(batch, model)
                advance(len(batch))

        workers = [asyncio.create_task(work()) for _ in range(CONCURRENCY)]
        try:
            await asyncio.gather(*workers)
        finally:
            for worker in workers:
                worker.cancel()
