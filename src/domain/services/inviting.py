"""Inviting: moderators and operators create and withdraw invitations."""

from datetime import timedelta

from domain.clock import Clock
from domain.ids import Ids, InviteId, UserId
from domain.invites import INVITE_RETENTION, Invite, InviteNotFound, InviteReader, InviteRequest
from domain.pages import Page, PageRequest
from domain.unit_of_work import UnitOfWorkFactory


class Inviting:
    def __init__(self, begin: UnitOfWorkFactory, invite_reader: InviteReader, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._invite_reader = invite_reader
        self._clock = clock
        self._ids = ids

    async def create(self, request: InviteRequest, creator: UserId | None = None, name: str | None = None) -> Invite:
        """Create an invitation. `name` is the creator's username."""
        now = self._clock.now()
        expires_at = now + timedelta(days=request.days)
        invite = Invite(InviteId(self._ids.new()), self._ids.secret(), now, expires_at, request.max_uses, creator=name)
        async with self._begin() as uow:
            await uow.invites.add(invite, creator)
            await uow.commit()
        return invite

    async def all_invites(self, page: PageRequest) -> Page[Invite]:
        """Return every invitation, newest first."""
        return await self._invite_reader.all_invites(page)

    async def delete(self, invite_id: InviteId) -> None:
        """Withdraw an invitation. Accounts that used it stay. Raises `InviteNotFound`."""
        async with self._begin() as uow:
            if not await uow.invites.delete(invite_id):
                raise InviteNotFound
            await uow.commit()

    async def delete_expired(self) -> int:
        """Delete invitations that expired before `INVITE_RETENTION`. Return their number."""
        async with self._begin() as uow:
            count = await uow.invites.delete_expired(self._clock.now() - INVITE_RETENTION)
            await uow.commit()
        return count
