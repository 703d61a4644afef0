from dataclasses import replace
from datetime import datetime

from adapters.memory.decision_reader import user_of
from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from domain.appeals import Appeal
from domain.decisions import Decision, Decisions
from domain.effects import Effect, Target
from domain.ids import DecisionId, ImageId, PostId


class MemoryDecisions(Decisions):
    """Effects are computed from the decisions at each read, see `restrictions.py`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def claim(self, target: Target) -> bool:
        return user_of(await self._transaction.tables(), target) is not None

    async def add(self, decision: Decision) -> None:
        tables = await self._transaction.tables()
        for earlier in [one for one in tables.decisions.values() if one.target == decision.target and one.in_force]:
            tables.decisions[earlier.id] = replace(earlier, in_force=False)
        tables.decisions[decision.id] = decision

    async def get(self, decision_id: DecisionId) -> Decision | None:
        return (await self._transaction.tables()).decisions.get(decision_id)

    async def save_appeal(self, decision_id: DecisionId, appeal: Appeal) -> None:
        decisions = (await self._transaction.tables()).decisions
        decisions[decision_id] = replace(decisions[decision_id], appeal=appeal)

    async def revert(self, decision: Decision) -> None:
        decisions = (await self._transaction.tables()).decisions
        decisions[decision.id] = replace(decisions[decision.id], in_force=False)

    async def released_at(self, target: Target) -> datetime | None:
        about = [one for one in (await self._transaction.tables()).decisions.values() if one.target == target]
        return max((one.created_at for one in about if one.effect is Effect.NONE), default=None)

    async def has_visible_image(self, post_id: PostId) -> bool:
        tables = await self._transaction.tables()
        images = tables.posts[post_id].image_ids
        return any(not _is_hidden(tables, image_id) for image_id in images)


def _is_hidden(tables: Tables, image_id: ImageId) -> bool:
    about = (one for one in tables.decisions.values() if one.target.id == image_id)
    return any(one.in_force and one.effect is Effect.HIDE for one in about)
