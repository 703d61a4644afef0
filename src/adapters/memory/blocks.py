from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.blocks import Blocks, Mutes
from domain.follows import pairs_ended_by_block
from domain.ids import UserId
from domain.users import UserNotFound


class MemoryBlocks(Blocks):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, blocker: UserId, blocked: UserId, now: datetime) -> bool:
        tables = await self._transaction.tables()
        if not {blocker, blocked} <= tables.users.keys():
            raise UserNotFound
        if (blocker, blocked) in tables.blocks:
            return False
        tables.blocks[blocker, blocked] = now
        for pair in pairs_ended_by_block(blocker, blocked):
            tables.drop_follow(*pair)
            tables.requests.pop(pair, None)
        return True

    async def remove(self, blocker: UserId, blocked: UserId) -> bool:
        return (await self._transaction.tables()).blocks.pop((blocker, blocked), None) is not None


class MemoryMutes(Mutes):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, muter: UserId, muted: UserId, now: datetime) -> bool:
        tables = await self._transaction.tables()
        if not {muter, muted} <= tables.users.keys():
            raise UserNotFound
        if (muter, muted) in tables.mutes:
            return False
        tables.mutes[muter, muted] = now
        return True

    async def remove(self, muter: UserId, muted: UserId) -> bool:
        return (await self._transaction.tables()).mutes.pop((muter, muted), None) is not None
