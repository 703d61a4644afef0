from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from domain.ids import UserId
from domain.jobs import QueuedJob


class Transaction:
    """A unit of work's own copy of the tables, made when it first uses a row."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._tables: Tables | None = None
        self._has_write_lock = False
        self._is_failed = False
        self.jobs: list[QueuedJob] = []
        self._notified: set[UserId] = set()

    async def tables(self) -> Tables:
        """Return the rows to read and change. No other transaction changes them until this one ends."""
        if not self._has_write_lock:
            await self._store.write_lock.acquire()
            self._has_write_lock = True
        if self._tables is None:
            self._tables = self._store.committed.copy()
        return self._tables

    def mark_failed(self) -> None:
        """Prevent the commit, as after a violated constraint in a database."""
        self._is_failed = True

    def signal(self, user_id: UserId) -> None:
        """Wake this user's subscribers after the commit."""
        self._notified.add(user_id)

    async def commit(self) -> None:
        if self._is_failed:
            raise RuntimeError("a unit of work was committed after an error that aborted it")
        if self._tables is not None:
            self._store.committed, self._tables = self._tables, None
        jobs, self.jobs = self.jobs, []
        await self._store.wake(jobs)
        await self._store.signal(self._notified)

    async def end(self) -> None:
        """Discard uncommitted changes and release the lock."""
        if self._has_write_lock:
            self._store.write_lock.release()
