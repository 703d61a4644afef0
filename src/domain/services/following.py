"""Following, and the follow requests of private accounts."""

from domain.clock import Clock
from domain.errors import NotFound
from domain.follows import CannotFollowSelf, FollowResult
from domain.ids import Ids, NotificationId, UserId
from domain.limits import Limits
from domain.notifications import NotificationEvent, NotificationKind
from domain.pages import Page, PageRequest
from domain.profiles import Profile, UserReader, require_profile, require_visible_profile
from domain.unit_of_work import UnitOfWorkFactory

_NOTIFICATION_KINDS = {
    FollowResult.FOLLOWS: NotificationKind.FOLLOW,
    FollowResult.REQUESTED: NotificationKind.FOLLOW_REQUEST,
}


class Following:
    def __init__(
        self, begin: UnitOfWorkFactory, user_reader: UserReader, clock: Clock, ids: Ids, limits: Limits
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._clock = clock
        self._ids = ids
        self._limits = limits

    async def follow(self, follower: UserId, username: str) -> FollowResult:
        """Follow a user, or request it from a private account; idempotent. Raises `UserNotFound`, `CannotFollowSelf`,
        `UserBlocked`, `FollowLimitReached`."""
        followee = (await require_profile(self._user_reader, username, follower)).user.id
        if followee == follower:
            raise CannotFollowSelf("you cannot follow yourself; your own posts are in your feed already")
        async with self._begin() as uow:
            now = self._clock.now()
            followed = await uow.follows.add(follower, followee, now, self._limits.max_follows)
            if kind := _NOTIFICATION_KINDS.get(followed):
                await uow.notifications.add(
                    NotificationEvent(NotificationId(self._ids.new()), followee, kind, follower, now)
                )
            await uow.commit()
        return followed

    async def unfollow(self, follower: UserId, username: str) -> None:
        """Unfollow, or withdraw the request; idempotent. Raises `UserNotFound`."""
        followee = (await require_profile(self._user_reader, username, follower)).user.id
        async with self._begin() as uow:
            await uow.follows.remove(follower, followee)
            await uow.commit()

    async def accept(self, user_id: UserId, username: str) -> None:
        """Accept a follow request; idempotent. Raises `UserNotFound`, `NotFound` when there is no request."""
        follower = await require_profile(self._user_reader, username, user_id)
        async with self._begin() as uow:
            accepted = await uow.follows.accept(follower.user.id, user_id, self._clock.now())
            await uow.commit()
        if not accepted and not (follower.relation and follower.relation.followed_by):
            raise NotFound(
                f"{follower.user.username} does not request to follow you; the request may have been withdrawn"
            )

    async def refuse(self, user_id: UserId, username: str) -> None:
        """Delete a follow request without notifying the requester; idempotent. Raises `UserNotFound`."""
        follower = (await require_profile(self._user_reader, username, user_id)).user.id
        async with self._begin() as uow:
            await uow.follows.refuse(follower, user_id)
            await uow.commit()

    async def requests(self, user_id: UserId, page: PageRequest) -> Page[Profile]:
        """Return the users who requested to follow, newest request first."""
        return await self._user_reader.requesters(user_id, page)

    async def followers(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the followers, newest follow first. Raises `UserNotFound`, `HiddenLists`."""
        return await self._user_reader.followers(
            (await require_visible_profile(self._user_reader, username, viewer)).user.id, viewer, page
        )

    async def following(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the followed users, newest follow first. Raises `UserNotFound`, `HiddenLists`."""
        return await self._user_reader.following(
            (await require_visible_profile(self._user_reader, username, viewer)).user.id, viewer, page
        )
