from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.decision_effects import apply_effects, lock_target
from adapters.postgres.decision_reader import FIND, decision_of
from domain.appeals import Appeal
from domain.decisions import Decision, Decisions
from domain.effects import Target
from domain.ids import DecisionId, PostId

# decisions_target_id_idx
_REPLACE = "update decisions set in_force = false where target_id = $1 and in_force"

_ADD = """
insert into decisions
  (id, kind, target_id, user_id, moderator_id, rule, reason, effect, until, created_at, in_force)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"""

# decisions_pkey
_SAVE_APPEAL = """
update decisions
set appeal = $2, appealed_at = $3, outcome = $4, answer = $5, appeal_moderator_id = $6, appeal_decided_at = $7
where id = $1"""
_REVERT = "update decisions set in_force = false where id = $1"

# images_post_id_position_idx, decisions_target_id_idx
_HAS_VISIBLE_IMAGE = """
select exists (
  select from images where post_id = $1 and not exists (
    select from decisions where target_id = images.id and in_force and effect = 'hide'))"""


# decisions_released_idx
RELEASED_AT = "select max(created_at) from decisions where target_id = $1 and effect = 'none'"


class PostgresDecisions(Decisions):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def claim(self, target: Target) -> bool:
        return await lock_target(self._connection, target)

    async def add(self, decision: Decision) -> None:
        await self._connection.execute(_REPLACE, decision.target.id)
        await self._connection.execute(
            _ADD,
            decision.id,
            decision.target.kind.value,
            decision.target.id,
            decision.user_id,
            decision.moderator_id,
            decision.rule,
            decision.reason,
            decision.effect.value,
            decision.until,
            decision.created_at,
            decision.in_force,
        )
        await apply_effects(self._connection, decision.target)

    async def get(self, decision_id: DecisionId) -> Decision | None:
        # Lock the target first, as a new decision does.
        row = await self._connection.fetchrow(FIND, decision_id)
        if row is None:
            return None
        await lock_target(self._connection, decision_of(row).target)
        return decision_of(await self._connection.fetchrow(f"{FIND} for no key update", decision_id))

    async def save_appeal(self, decision_id: DecisionId, appeal: Appeal) -> None:
        outcome = appeal.outcome.value if appeal.outcome else None
        values = (appeal.text, appeal.created_at, outcome, appeal.answer, appeal.moderator_id, appeal.decided_at)
        await self._connection.execute(_SAVE_APPEAL, decision_id, *values)

    async def revert(self, decision: Decision) -> None:
        await self._connection.execute(_REVERT, decision.id)
        await apply_effects(self._connection, decision.target)

    async def released_at(self, target: Target) -> datetime | None:
        released: datetime | None = await self._connection.fetchval(RELEASED_AT, target.id)
        return released

    async def has_visible_image(self, post_id: PostId) -> bool:
        return bool(await self._connection.fetchval(_HAS_VISIBLE_IMAGE, post_id))
