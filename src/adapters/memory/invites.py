from dataclasses import replace
from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.ids import InviteId, UserId
from domain.invites import Invite, Invites
from domain.users import UserNotFound


class MemoryInvites(Invites):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, invite: Invite, creator: UserId | None) -> None:
        tables = await self._transaction.tables()
        if creator is not None and creator not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        name = tables.users[creator].username if creator is not None else None
        tables.invites[invite.id] = replace(invite, creator=name)

    async def by_code(self, code: str) -> Invite | None:
        invites = (await self._transaction.tables()).invites.values()
        return next((replace(invite, creator=None) for invite in invites if invite.code == code), None)

    async def count_use(self, invite_id: InviteId) -> None:
        invites = (await self._transaction.tables()).invites
        invites[invite_id] = replace(invites[invite_id], uses=invites[invite_id].uses + 1)

    async def delete(self, invite_id: InviteId) -> bool:
        return (await self._transaction.tables()).invites.pop(invite_id, None) is not None

    async def delete_expired(self, before: datetime) -> int:
        invites = (await self._transaction.tables()).invites
        expired = [invite.id for invite in invites.values() if invite.expires_at < before]
        for invite_id in expired:
            del invites[invite_id]
        return len(expired)
