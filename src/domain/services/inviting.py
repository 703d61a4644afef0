"""Inviting: moderators and operators create and withdraw invitations."""

from collections.abc import Mapping
from datetime import timedelta

from domain.audit_log import Action, entry_about_service
from domain.clock import Clock
from domain.ids import Ids, InviteId, LogEntryId
from domain.invites import INVITE_RETENTION, Invite, InviteNotFound, InviteReader, InviteRequest
from domain.pages import Page, PageRequest
from domain.roles import Moderator
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Inviting:
    def __init__(self, begin: UnitOfWorkFactory, invite_reader: InviteReader, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._invite_reader = invite_reader
        self._clock = clock
        self._ids = ids

    async def create(self, request: InviteRequest, creator: Moderator | None = None) -> Invite:
        """Create an invitation, without a creator as an operator."""
        now = self._clock.now()
        expires_at = now + timedelta(days=request.days)
        name, creator_id = (creator.username, creator.id) if creator else (None, None)
        invite = Invite(InviteId(self._ids.new()), self._ids.secret(), now, expires_at, request.max_uses, creator=name)
        details = {"max_uses": str(request.max_uses), "expires_at": expires_at.isoformat()}
        async with self._begin() as uow:
            await uow.invites.add(invite, creator_id)
            await self._log(uow, Action.INVITE_CREATION, invite.id, creator, details)
            await uow.commit()
        return invite

    async def all_invites(self, page: PageRequest) -> Page[Invite]:
        """Return every invitation, newest first."""
        return await self._invite_reader.all_invites(page)

    async def delete(self, invite_id: InviteId, moderator: Moderator | None = None) -> None:
        """Withdraw an invitation, without a moderator as an operator. Accounts that used it stay. Raises
        `InviteNotFound`."""
        async with self._begin() as uow:
            if not await uow.invites.delete(invite_id):
                raise InviteNotFound
            await self._log(uow, Action.INVITE_DELETION, invite_id, moderator, {})
            await uow.commit()

    async def _log(
        self, uow: UnitOfWork, action: Action, invite_id: InviteId, actor: Moderator | None, details: Mapping[str, str]
    ) -> None:
        entry_id, facts = LogEntryId(self._ids.new()), {"invite_id": str(invite_id), **details}
        await uow.audit_log.add(entry_about_service(entry_id, self._clock.now(), action, actor, facts))

    async def delete_expired(self) -> int:
        """Delete invitations that expired before `INVITE_RETENTION`. Return their number."""
        async with self._begin() as uow:
            count = await uow.invites.delete_expired(self._clock.now() - INVITE_RETENTION)
            await uow.commit()
        return count
