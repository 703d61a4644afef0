"""The state that the memory adapters share."""

import logging
from asyncio import Condition, Lock
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from adapters.memory.tables import Tables
from domain.blobs import BlobKey
from domain.clock import Clock
from domain.ids import UserId
from domain.jobs import QueuedJob
from domain.unreferenced_blobs import Registration
from domain.vision.desired_model import DesiredModel

logger = logging.getLogger("tintype.memory")


class MemoryStore:
    """The committed tables. `committed` is replaced as a whole and never changed, so readers see a consistent snapshot
    without waiting. Units of work that use rows are serialized."""

    def __init__(self, clock: Clock) -> None:
        logger.warning("everything is kept in memory and gone when this process ends (TINTYPE_STORE=memory)")
        self.committed = Tables(clock)
        self.write_lock = Lock()
        self.desired_model: DesiredModel | None = None
        self.unreferenced_blobs: dict[BlobKey, Registration] = {}
        self.deletion_pauses: dict[UUID, datetime] = {}
        self.waiting_jobs: dict[QueuedJob, None] = {}
        self.jobs_changed = Condition()
        self.signals: dict[UserId, int] = {}
        self.signals_changed = Condition()

    @asynccontextmanager
    async def edit(self) -> AsyncIterator[Tables]:
        """Yield a copy of the rows that replaces them at the end of the block."""
        async with self.write_lock:
            tables = self.committed.copy()
            yield tables
            self.committed = tables

    async def wake(self, jobs: Iterable[QueuedJob]) -> None:
        async with self.jobs_changed:
            self.waiting_jobs.update(dict.fromkeys(jobs))
            self.jobs_changed.notify_all()

    async def signal(self, people: Iterable[UserId]) -> None:
        """Wake the subscribers of these users."""
        async with self.signals_changed:
            for user_id in people:
                self.signals[user_id] = self.signals.get(user_id, 0) + 1
            self.signals_changed.notify_all()
