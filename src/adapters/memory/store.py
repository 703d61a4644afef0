"""What the memory adapters share: the committed world, and the way to change it."""

import logging
from asyncio import Condition, Lock
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.memory.shared_exclusive_lock import SharedExclusiveLock
from adapters.memory.tables import Tables
from domain.blobs import BlobKey
from domain.ids import UserId
from domain.jobs import Job

logger = logging.getLogger("tintype.memory")


class MemoryStore:
    """`committed` is replaced as a whole, never changed, so a reader that has taken it sees one moment and never waits.
    Units of work that touch rows go one after the other."""

    def __init__(self) -> None:
        logger.warning("everything is kept in memory and gone when this process ends (TINTYPE_STORE=memory)")
        self.committed = Tables()
        self.write_lock = Lock()
        self.blob_lock = SharedExclusiveLock()
        self.unreferenced_blobs: dict[BlobKey, datetime] = {}
        self.waiting_jobs: dict[Job, None] = {}
        self.jobs_changed = Condition()
        self.signals: dict[UserId, int] = {}
        self.signals_changed = Condition()

    @asynccontextmanager
    async def edit(self) -> AsyncIterator[Tables]:
        """A copy of the rows that takes their place at the end of the block."""
        async with self.write_lock:
            tables = self.committed.copy()
            yield tables
            self.committed = tables

    async def wake(self, jobs: Iterable[Job]) -> None:
        async with self.jobs_changed:
            self.waiting_jobs.update(dict.fromkeys(jobs))
            self.jobs_changed.notify_all()

    async def signal(self, people: Iterable[UserId]) -> None:
        """Wake those who wait for notifications to these people."""
        async with self.signals_changed:
            for user_id in people:
                self.signals[user_id] = self.signals.get(user_id, 0) + 1
            self.signals_changed.notify_all()


class Transaction:
    """One unit of work's own copy of the world, taken when it first touches a row."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._tables: Tables | None = None
        self._has_write_lock = False
        self._has_blob_lock = False
        self._is_failed = False
        self.jobs: list[Job] = []
        self._notified: set[UserId] = set()

    async def tables(self) -> Tables:
        """The rows to read and change; nobody else changes any until this transaction ends."""
        if not self._has_write_lock:
            await self._store.write_lock.acquire()
            self._has_write_lock = True
        if self._tables is None:
            self._tables = self._store.committed.copy()
        return self._tables

    async def lock_blobs(self) -> None:
        if not self._has_blob_lock:
            await self._store.blob_lock.acquire_shared()
            self._has_blob_lock = True

    def mark_failed(self) -> None:
        """Never to be committed, as after a violated constraint in a database."""
        self._is_failed = True

    def signal(self, user_id: UserId) -> None:
        """For that person, once this is committed."""
        self._notified.add(user_id)

    async def commit(self) -> None:
        if self._is_failed:
            raise RuntimeError("a unit of work was committed after a refusal that spoils it")
        if self._tables is not None:
            self._store.committed, self._tables = self._tables, None
        jobs, self.jobs = self.jobs, []
        await self._store.wake(jobs)
        await self._store.signal(self._notified)

    async def end(self) -> None:
        """Forget what was not committed and let the others go on."""
        if self._has_write_lock:
            self._store.write_lock.release()
        if self._has_blob_lock:
            await self._store.blob_lock.release_shared()
