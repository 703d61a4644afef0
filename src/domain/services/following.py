"""Following: whose posts make up one's feed."""

from domain.clock import Clock
from domain.follows import CannotFollowSelf
from domain.ids import UserId
from domain.limits import Limits
from domain.pages import Page, PageRequest
from domain.people import People, Profile, found
from domain.unit_of_work import Begin


class Following:
    def __init__(self, begin: Begin, people: People, clock: Clock, limits: Limits) -> None:
        self._begin = begin
        self._people = people
        self._clock = clock
        self._limits = limits

    async def follow(self, follower: UserId, username: str) -> None:
        """Follow somebody; idempotent. Raises `UserNotFound`, `CannotFollowSelf`, `FollowLimit`."""
        followee = (await found(self._people, username)).user.id
        if followee == follower:
            raise CannotFollowSelf("nobody can follow themselves; your own posts are in your feed anyway")
        async with self._begin() as uow:
            await uow.follows.add(follower, followee, self._clock.now(), self._limits.max_follows)
            await uow.commit()

    async def unfollow(self, follower: UserId, username: str) -> None:
        """Stop following; idempotent. Raises `UserNotFound`."""
        followee = (await found(self._people, username)).user.id
        async with self._begin() as uow:
            await uow.follows.remove(follower, followee)
            await uow.commit()

    async def followers(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who follows them, newest follow first. Raises `UserNotFound`."""
        return await self._people.followers((await found(self._people, username)).user.id, viewer, page)

    async def following(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Whom they follow, newest follow first. Raises `UserNotFound`."""
        return await self._people.following((await found(self._people, username)).user.id, viewer, page)
