from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ARRAY, ColumnElement, Text, func, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.rows import understanding_columns, understanding_of
from adapters.postgres.tables import images, understandings
from domain.captions import CAPTIONS_DECLINED, Source
from domain.ids import ImageId, UserId
from domain.understanding import DUE_WINDOW, MAX_WAITING, DueTask, State, Task, TaskCount, Understanding, Understandings

_columns = understandings.c
_REQUESTED: dict[str, object] = {"state": "pending", "attempts": 0, "error": None}


class PostgresUnderstandings(Understandings):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def get(self, image_id: ImageId, task: Task) -> Understanding | None:
        statement = select(understandings).where(_matches(image_id, task)).with_for_update()
        row = (await self._core.execute(statement)).one_or_none()
        return understanding_of(row) if row else None

    async def save(self, row: Understanding) -> None:
        statement = update(understandings).where(_matches(row.image_id, row.task)).values(understanding_columns(row))
        await self._core.execute(statement)

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        # understandings_due_idx, images_pkey
        overdue = (
            select(understandings)
            .where(_columns.state.in_(["pending", "running"]), _columns.next_attempt_at <= now)
            .order_by(_columns.next_attempt_at, _columns.image_id, _columns.task)
            .limit(DUE_WINDOW * limit)
            .subquery()
        )
        order = overdue.c.next_attempt_at, overdue.c.image_id, overdue.c.task
        turn = func.row_number().over(partition_by=images.c.owner_id, order_by=order)
        statement = (
            select(overdue, (turn - 1).label("turn"))
            .join(images, images.c.id == overdue.c.image_id)
            .order_by("turn", *order)
            .limit(limit)
        )
        return [DueTask(understanding_of(row), row.turn) for row in await self._core.execute(statement)]

    async def waiting_count(self, owner_id: UserId, now: datetime) -> int:
        # images_owner_id_id_idx, then understandings_pkey, or understandings_due_idx where little is open
        newest = (
            select(images.c.id)
            .where(images.c.owner_id == owner_id)
            .order_by(images.c.id.desc())
            .limit(MAX_WAITING)
            .subquery()
        )
        waits = or_(_columns.state == "running", (_columns.state == "pending") & (_columns.next_attempt_at <= now))
        statement = (
            select(func.count(_columns.image_id.distinct()))
            .select_from(newest.join(understandings, _columns.image_id == newest.c.id))
            .where(waits)
        )
        return int((await self._core.execute(statement)).scalar_one())

    async def find_outdated(self, task: Task, model: str, limit: int) -> Sequence[Understanding]:
        # understandings_task_model_idx. Two ranges rather than "not equal", so that the statement is fast when every
        # row is up to date.
        statement = (
            select(understandings)
            .where(
                _columns.state == "done",
                _columns.task == task.value,
                (_columns.model < model) | (_columns.model > model),
            )
            .order_by(_columns.image_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [understanding_of(row) for row in await self._core.execute(statement)]

    async def make_due(self, task: Task, error: str, now: datetime) -> int:
        statement = (
            update(understandings)
            .where(
                _columns.task == task.value,
                _columns.state == "pending",
                _columns.error == error,
                _columns.next_attempt_at > now,
            )
            .values(next_attempt_at=now)
        )
        return (await self._core.execute(statement)).rowcount

    async def retry_failed(self, now: datetime) -> int:
        requested = _REQUESTED | {"next_attempt_at": now}
        statement = update(understandings).where(_columns.state == "failed").values(requested)
        return (await self._core.execute(statement)).rowcount

    async def request_captions(self, owner_id: UserId, now: datetime, *, replace_offline: bool) -> int:
        # images_owner_id_id_idx, understandings_pkey
        own = (images.c.id == _columns.image_id) & (images.c.owner_id == owner_id)
        wanted = (_columns.task == Task.CAPTION.value) & _is_requested_by_consent(replace_offline=replace_offline)
        statement = update(understandings).where(own, wanted).values(_REQUESTED | {"next_attempt_at": now})
        return (await self._core.execute(statement)).rowcount

    async def counts(self) -> Sequence[TaskCount]:
        newest_first = aggregate_order_by(_columns.error, _columns.image_id.desc())
        errors = func.array_agg(newest_first, type_=ARRAY(Text)).filter(_columns.error.is_not(None))
        statement = (
            select(_columns.task, _columns.state, func.count(), errors[1])
            .group_by(_columns.task, _columns.state)
            .order_by(_columns.task, _columns.state)
        )
        found = await self._core.execute(statement)
        return [TaskCount(Task(task), State(state), count, error) for task, state, count, error in found]

    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        # Reads the whole table, like `counts`: operators ask rarely.
        in_the_way = _columns.state.in_(["pending", "running"]) & _columns.error.is_not(None)
        statement = (
            select(understandings)
            .where((_columns.state == "failed") | in_the_way)
            .order_by(_columns.image_id.desc(), _columns.task)
            .limit(limit)
        )
        return [understanding_of(row) for row in await self._core.execute(statement)]


def _is_requested_by_consent(*, replace_offline: bool) -> ColumnElement[bool]:
    """`domain.consent.is_requested_by_consent`."""
    declined = (_columns.state == "skipped") & (_columns.error == CAPTIONS_DECLINED)
    is_offline = images.c.alt_text.is_(None) & (images.c.suggestion_source == Source.LABELS.value)
    return declined | ((_columns.state == "done") & is_offline) if replace_offline else declined


def _matches(image_id: ImageId, task: Task) -> ColumnElement[bool]:
    return (_columns.image_id == image_id) & (_columns.task == task.value)
