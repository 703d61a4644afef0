"""Following: whose posts make up one's feed."""

from domain.clock import Clock
from domain.follows import CannotFollowSelf
from domain.ids import UserId
from domain.limits import Limits
from domain.pages import Page, PageRequest
from domain.unit_of_work import Begin
from domain.users import People, Profile, UserNotFound, folded


class Following:
    def __init__(self, begin: Begin, people: People, clock: Clock, limits: Limits) -> None:
        self._begin = begin
        self._people = people
        self._clock = clock
        self._limits = limits

    async def follow(self, follower: UserId, username: str) -> None:
        """Follow somebody; idempotent. Raises `UserNotFound`, `CannotFollowSelf`, `FollowLimit`."""
        followee = await self._id_of(username)
        if followee == follower:
            raise CannotFollowSelf("nobody can follow themselves; your own posts are in your feed anyway")
        async with self._begin() as uow:
            await uow.follows.add(follower, followee, self._clock.now(), self._limits.max_follows)
            await uow.commit()

    async def unfollow(self, follower: UserId, username: str) -> None:
        """Stop following; idempotent. Raises `UserNotFound`."""
        followee = await self._id_of(username)
        async with self._begin() as uow:
            await uow.follows.remove(follower, followee)
            await uow.commit()

    async def followers(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who follows them, newest follow first. Raises `UserNotFound`."""
        return await self._people.followers(await self._id_of(username), viewer, page)

    async def following(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Whom they follow, newest follow first. Raises `UserNotFound`."""
        return await self._people.following(await self._id_of(username), viewer, page)

    async def _id_of(self, username: str) -> UserId:
        profile = await self._people.by_username(folded(username), None)
        if profile is None:
            raise UserNotFound
        return profile.user.id
