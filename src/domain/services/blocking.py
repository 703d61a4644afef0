"""Blocking and muting of users."""

from domain.blocks import CannotBlockSelf, CannotMuteSelf
from domain.clock import Clock
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile, UserReader, require_profile
from domain.unit_of_work import UnitOfWorkFactory


class Blocking:
    def __init__(self, begin: UnitOfWorkFactory, user_reader: UserReader, clock: Clock) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._clock = clock

    async def block(self, blocker: UserId, username: str) -> None:
        """Block a user: neither sees the other's content, and follows between the two end. Idempotent. Raises
        `UserNotFound`, `CannotBlockSelf`."""
        blocked = (await require_profile(self._user_reader, username, blocker)).user.id
        if blocked == blocker:
            raise CannotBlockSelf("you cannot block yourself")
        async with self._begin() as uow:
            await uow.blocks.add(blocker, blocked, self._clock.now())
            await uow.commit()

    async def unblock(self, blocker: UserId, username: str) -> None:
        """Remove a block. Follows are not restored. Idempotent. Raises `UserNotFound`."""
        blocked = (await require_profile(self._user_reader, username, blocker)).user.id
        async with self._begin() as uow:
            await uow.blocks.remove(blocker, blocked)
            await uow.commit()

    async def mute(self, muter: UserId, username: str) -> None:
        """Hide a user's posts from mixed lists; the user's own page still shows them. The user is not notified.
        Idempotent. Raises `UserNotFound`, `CannotMuteSelf`."""
        muted = (await require_profile(self._user_reader, username, muter)).user.id
        if muted == muter:
            raise CannotMuteSelf("you cannot mute yourself")
        async with self._begin() as uow:
            await uow.mutes.add(muter, muted, self._clock.now())
            await uow.commit()

    async def unmute(self, muter: UserId, username: str) -> None:
        """Remove a mute; idempotent. Raises `UserNotFound`."""
        muted = (await require_profile(self._user_reader, username, muter)).user.id
        async with self._begin() as uow:
            await uow.mutes.remove(muter, muted)
            await uow.commit()

    async def list_blocked(self, blocker: UserId, page: PageRequest) -> Page[Profile]:
        """Return the blocked users, newest first."""
        return await self._user_reader.blocked_by(blocker, page)

    async def list_muted(self, muter: UserId, page: PageRequest) -> Page[Profile]:
        """Return the muted users, newest first."""
        return await self._user_reader.muted_by(muter, page)
