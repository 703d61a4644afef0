from collections.abc import Mapping, Sequence
from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.rows import UNDERSTANDING_COLUMNS, understanding_columns, understanding_of
from domain.captions import CAPTIONS_DECLINED
from domain.ids import ImageId, UserId
from domain.understanding import DUE_WINDOW, MAX_WAITING, DueTask, State, Task, TaskCount, Understanding, Understandings

# understandings_pkey
_GET = f"select {UNDERSTANDING_COLUMNS} from understandings where image_id = $1 and task = $2 for update"
_GET_ALL = f"""
select {UNDERSTANDING_COLUMNS} from understandings where image_id = any($1::uuid[]) and task = $2
order by image_id for update"""

# `Understanding.is_waiting`. Locks no row that `make_due` or `retry_failed` may have locked, in whatever order.
_GET_WAITING = f"""
select {UNDERSTANDING_COLUMNS} from understandings
where image_id = any($1::uuid[]) and task = $2 and state = 'pending' and next_attempt_at is null
order by image_id for update"""
_SAVE = """
update understandings set state = $3, attempts = $4, model = $5, error = $6, next_attempt_at = $7
where image_id = $1 and task = $2"""

# `Understanding.can_start`; understandings_pkey: one pass over all rows, in the order of the cursor
_CAN_START = """
task = $1 and ((state in ('pending', 'running') and next_attempt_at <= $3)
  or (state = 'done' and model is distinct from $2))"""
_OUTSTANDING = f"""
select image_id from understandings where {_CAN_START} and ($4::uuid is null or image_id > $4)
order by image_id limit $5"""
_COUNT_OUTSTANDING = f"select count(*) from understandings where {_CAN_START}"

# understandings_due_idx, images_pkey
_DUE = f"""
with overdue as (
  select {UNDERSTANDING_COLUMNS} from understandings
  where state in ('pending', 'running') and next_attempt_at <= $1
  order by next_attempt_at, image_id, task limit $2)
select overdue.*,
  row_number() over (partition by owner_id order by overdue.next_attempt_at, image_id, task) - 1 as turn
from overdue join images on images.id = image_id
order by turn, overdue.next_attempt_at, image_id, task limit $3"""

# images_owner_id_id_idx, then understandings_pkey, or understandings_due_idx where little is open
_WAITING = f"""
select count(distinct image_id)
from (select id from images where owner_id = $1 order by id desc limit {MAX_WAITING}) as newest
join understandings on image_id = newest.id
where state = 'running' or (state = 'pending' and next_attempt_at <= $2)"""

# understandings_task_model_idx. Two ranges rather than "not equal", so that the statement is fast when every row is up
# to date.
_OUTDATED = f"""
select {UNDERSTANDING_COLUMNS} from understandings
where state = 'done' and task = $1 and (model < $2 or model > $2)
order by image_id limit $3 for update skip locked"""

_MAKE_DUE = """
with due as (
  update understandings set next_attempt_at = $3
  where task = $1 and state = 'pending' and error = $2 and next_attempt_at > $3 returning 1)
select count(*) from due"""

_REQUESTED = "state = 'pending', attempts = 0, error = null, next_attempt_at"

# understandings_failed_idx
_RETRY_FAILED = f"""
with requested as (update understandings set {_REQUESTED} = $1 where state = 'failed' returning 1)
select count(*) from requested"""

# `domain.consent.is_requested_by_consent`; images_owner_id_id_idx, understandings_pkey
_REQUEST_CAPTIONS = f"""
with requested as (
  update understandings set {_REQUESTED} = $2
  from images
  where images.id = image_id and owner_id = $1 and task = 'caption'
    and ((state = 'skipped' and error = '{CAPTIONS_DECLINED}')
      or ($3 and state = 'done' and images.alt_text is null and images.suggestion_source = 'labels'))
  returning 1)
select count(*) from requested"""

# Both read the whole table: operators ask rarely.
_COUNTS = """
select task, state, count(*) as count,
  (array_agg(error order by image_id desc) filter (where error is not null))[1] as error
from understandings group by task, state order by task, state"""
_STUCK = f"""
select {UNDERSTANDING_COLUMNS} from understandings
where state = 'failed' or (state in ('pending', 'running') and error is not null)
order by image_id desc, task limit $1"""


class PostgresUnderstandings(Understandings):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, image_id: ImageId, task: Task) -> Understanding | None:
        row = await self._connection.fetchrow(_GET, image_id, task.value)
        return understanding_of(row) if row else None

    async def get_all(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        return await self._lock(_GET_ALL, task, image_ids)

    async def get_waiting(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        return await self._lock(_GET_WAITING, task, image_ids)

    async def _lock(self, statement: str, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        rows = map(understanding_of, await self._connection.fetch(statement, image_ids, task.value))
        return {row.image_id: row for row in rows}

    async def save(self, *rows: Understanding) -> None:
        if rows:
            await self._connection.executemany(_SAVE, [tuple(understanding_columns(row).values()) for row in rows])

    async def find_due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        rows = await self._connection.fetch(_DUE, now, DUE_WINDOW * limit, limit)
        return [DueTask(understanding_of(row), row.turn) for row in rows]

    async def waiting_count(self, owner_id: UserId, now: datetime) -> int:
        return int(await self._connection.fetchval(_WAITING, owner_id, now))

    async def find_outdated(self, task: Task, model: str, limit: int) -> Sequence[Understanding]:
        return [understanding_of(row) for row in await self._connection.fetch(_OUTDATED, task.value, model, limit)]

    async def find_outstanding(
        self, task: Task, model: str, now: datetime, after: ImageId | None, limit: int
    ) -> Sequence[ImageId]:
        rows = await self._connection.fetch(_OUTSTANDING, task.value, model, now, after, limit)
        return [ImageId(row["image_id"]) for row in rows]

    async def count_outstanding(self, task: Task, model: str, now: datetime) -> int:
        return int(await self._connection.fetchval(_COUNT_OUTSTANDING, task.value, model, now))

    async def make_due(self, task: Task, error: str, now: datetime) -> int:
        return int(await self._connection.fetchval(_MAKE_DUE, task.value, error, now))

    async def retry_failed(self, now: datetime) -> int:
        return int(await self._connection.fetchval(_RETRY_FAILED, now))

    async def request_captions(self, owner_id: UserId, now: datetime, *, replace_offline: bool) -> int:
        return int(await self._connection.fetchval(_REQUEST_CAPTIONS, owner_id, now, replace_offline))

    async def counts(self) -> Sequence[TaskCount]:
        rows = await self._connection.fetch(_COUNTS)
        return [TaskCount(Task(row["task"]), State(row["state"]), row["count"], row["error"]) for row in rows]

    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        return [understanding_of(row) for row in await self._connection.fetch(_STUCK, limit)]
