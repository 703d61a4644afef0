from datetime import datetime

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.follows import end_follow, lock_pair
from domain.blocks import Blocks, Mutes
from domain.ids import UserId
from domain.users import UserNotFound

_BLOCK = "insert into blocks (blocker_id, blocked_id, created_at) values ($1, $2, $3) on conflict do nothing"

# blocks_pkey, mutes_pkey
_UNBLOCK = "delete from blocks where blocker_id = $1 and blocked_id = $2 returning true"
_UNMUTE = "delete from mutes where muter_id = $1 and muted_id = $2 returning true"

_MUTE = """
insert into mutes (muter_id, muted_id, created_at) values ($1, $2, $3) on conflict do nothing returning true"""


class PostgresBlocks(Blocks):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, blocker: UserId, blocked: UserId, now: datetime) -> bool:
        # Take the locks that follows take, so that no follow between the two is created meanwhile.
        if {blocker, blocked} != (await lock_pair(self._connection, blocker, blocked)).keys():
            raise UserNotFound
        if await self._connection.execute(_BLOCK, blocker, blocked, now) == "INSERT 0 0":
            return False
        await end_follow(self._connection, blocker, blocked)
        await end_follow(self._connection, blocked, blocker)
        return True

    async def remove(self, blocker: UserId, blocked: UserId) -> bool:
        return bool(await self._connection.fetchval(_UNBLOCK, blocker, blocked))


class PostgresMutes(Mutes):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, muter: UserId, muted: UserId, now: datetime) -> bool:
        try:
            return bool(await self._connection.fetchval(_MUTE, muter, muted, now))
        except asyncpg.ForeignKeyViolationError:
            raise UserNotFound from None

    async def remove(self, muter: UserId, muted: UserId) -> bool:
        return bool(await self._connection.fetchval(_UNMUTE, muter, muted))
