"""The state that the memory adapters share, and transactions on it."""

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
    """The committed tables. `committed` is replaced as a whole and never changed, so readers see a consistent snapshot
    without waiting. Units of work that use rows are serialized."""

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
        """Yield a copy of the rows that replaces them at the end of the block."""
        async with self.write_lock:
            tables = self.committed.copy()
            yield tables
            self.committed = tables

    async def wake(self, jobs: Iterable[Job]) -> None:
        async with self.jobs_changed:
            self.waiting_jobs.update(dict.fromkeys(jobs))
            self.jobs_changed.notify_all()

    async def signal(self, people: Iterable[UserId]) -> None:
        """Wake the subscribers of these users."""
        async with self.signals_changed:
            for user_id in people:
                self.signals[user_id] = self.signals.get(user_id, 0) + 1
            self.signals_changed.notify_all()


class Transaction:
    """A unit of work's own copy of the tables, made when it first uses a row."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._tables: Tables | None = None
        self._has_write_lock = False
        self._has_blob_lock = False
        self._is_failed = False
        self.jobs: list[Job] = []
        self._notified: set[UserId] = set()

    async def tables(self) -> Tables:
        """Return the rows to read and change. No other transaction changes them until this one ends."""
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
        """Prevent the commit, as after a violated constraint in a database."""
        self._is_failed = True

    def signal(self, user_id: UserId) -> None:
        """Wake this user's subscribers after the commit."""
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
        """Discard uncommitted changes and release the lock."""
        if self._has_write_lock:
            self._store.write_lock.release()
        if self._has_blob_lock:
            await self._store.blob_lock.release_shared()
