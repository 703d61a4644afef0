from datetime import datetime

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.rows import invite_of
from domain.ids import InviteId, UserId
from domain.invites import Invite, Invites
from domain.users import UserNotFound

_ADD = """
insert into invites (id, code, created_by, created_at, expires_at, max_uses, uses)
values ($1, $2, $3, $4, $5, $6, $7)"""

# invites_code_key
_BY_CODE = "select *, null as creator from invites where code = $1 for no key update"

# invites_pkey
_COUNT_USE = "update invites set uses = uses + 1 where id = $1"
_DELETE = "delete from invites where id = $1 returning true"

# invites_expires_at_idx
_DELETE_EXPIRED = """
with gone as (delete from invites where expires_at < $1 returning id) select count(*) from gone"""


class PostgresInvites(Invites):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, invite: Invite, creator: UserId | None) -> None:
        times = (invite.created_at, invite.expires_at)
        try:
            await self._connection.execute(_ADD, invite.id, invite.code, creator, *times, invite.max_uses, invite.uses)
        except asyncpg.ForeignKeyViolationError as error:
            raise UserNotFound from error

    async def by_code(self, code: str) -> Invite | None:
        row = await self._connection.fetchrow(_BY_CODE, code)
        return invite_of(row) if row else None

    async def count_use(self, invite_id: InviteId) -> None:
        await self._connection.execute(_COUNT_USE, invite_id)

    async def delete(self, invite_id: InviteId) -> bool:
        return bool(await self._connection.fetchval(_DELETE, invite_id))

    async def delete_expired(self, before: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_EXPIRED, before))
