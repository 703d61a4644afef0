import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count, groupby

from adapters.memory.transaction import Transaction
from domain.consent import is_requested_by_consent
from domain.ids import ImageId, UserId
from domain.understanding import DUE_WINDOW, MAX_WAITING, DueTask, State, Task, TaskCount, Understanding, Understandings


class MemoryUnderstandings(Understandings):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, image_id: ImageId, task: Task) -> Understanding | None:
        image = (await self._transaction.tables()).images.get(image_id)
        return image.understanding.get(task) if image else None

    async def get_all(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        rows = [await self.get(image_id, task) for image_id in sorted(image_ids)]
        return {row.image_id: row for row in rows if row is not None}

    async def get_waiting(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        rows = await self.get_all(task, image_ids)
        return {image_id: row for image_id, row in rows.items() if row.is_waiting}

    async def save(self, *rows: Understanding) -> None:
        images = (await self._transaction.tables()).images
        for row in rows:
            image = images.get(row.image_id)
            if image is not None:
                images[image.id] = replace(image, understanding={**image.understanding, row.task: row})

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        images = (await self._transaction.tables()).images
        rows = [row for row in await self._all_rows() if row.is_due(now)]
        # What is due has a time; `or now` only tells the type checker.
        rows.sort(key=lambda row: (row.next_attempt_at or now, row.image_id, row.task))
        turns: defaultdict[UserId, Iterator[int]] = defaultdict(count)
        due = [DueTask(row, next(turns[images[row.image_id].owner_id])) for row in rows[: DUE_WINDOW * limit]]
        return sorted(due, key=lambda one: one.turn)[:limit]

    async def waiting_count(self, owner_id: UserId, now: datetime) -> int:
        images = (await self._transaction.tables()).images
        own = sorted(image_id for image_id, image in images.items() if image.owner_id == owner_id)
        newest = [images[image_id].understanding.values() for image_id in own[-MAX_WAITING:]]
        return sum(any(row.state is State.RUNNING or row.is_due(now) for row in rows) for rows in newest)

    async def find_outdated(self, task: Task, model: str, limit: int) -> Sequence[Understanding]:
        rows = [
            row
            for row in await self._all_rows()
            if row.task is task and row.state is State.DONE and row.model not in {None, model}
        ]
        return sorted(rows, key=lambda row: row.image_id)[:limit]

    async def find_outstanding(
        self, task: Task, model: str, now: datetime, after: ImageId | None, limit: int
    ) -> Sequence[ImageId]:
        found = [row.image_id for row in await self._all_rows() if row.task is task and row.can_start(model, now)]
        return sorted(image_id for image_id in found if after is None or image_id > after)[:limit]

    async def count_outstanding(self, task: Task, model: str, now: datetime) -> int:
        return len(await self.find_outstanding(task, model, now, None, sys.maxsize))

    async def make_due(self, task: Task, error: str, now: datetime) -> int:
        rows = [
            row
            for row in await self._all_rows()
            if (row.task, row.state, row.error) == (task, State.PENDING, error) and not row.is_due(now)
        ]
        await self.save(*(replace(row, next_attempt_at=now) for row in rows))
        return len(rows)

    async def retry_failed(self, now: datetime) -> int:
        failed = [row for row in await self._all_rows() if row.state is State.FAILED]
        await self.save(*(row.schedule(now) for row in failed))
        return len(failed)

    async def request_captions(self, owner_id: UserId, now: datetime, *, replace_offline: bool) -> int:
        images = (await self._transaction.tables()).images
        rows = [
            image.understanding[Task.CAPTION]
            for image in images.values()
            if image.owner_id == owner_id and is_requested_by_consent(image, replace_offline=replace_offline)
        ]
        await self.save(*(row.schedule(now) for row in rows))
        return len(rows)

    async def counts(self) -> Sequence[TaskCount]:
        rows = sorted(await self._all_rows(), key=_group_key)
        return [_count(task, state, list(group)) for (task, state), group in groupby(rows, key=_group_key)]

    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        rows = [
            row for row in await self._all_rows() if row.state is State.FAILED or (row.open and row.error is not None)
        ]
        by_task = sorted(rows, key=lambda row: row.task)
        return sorted(by_task, key=lambda row: row.image_id, reverse=True)[:limit]

    async def _all_rows(self) -> list[Understanding]:
        images = (await self._transaction.tables()).images
        return [row for image in images.values() for row in image.understanding.values()]


def _group_key(row: Understanding) -> tuple[Task, State]:
    return row.task, row.state


def _count(task: Task, state: State, rows: list[Understanding]) -> TaskCount:
    newest = max((row for row in rows if row.error is not None), key=lambda row: row.image_id, default=None)
    return TaskCount(task, state, len(rows), newest.error if newest else None)
