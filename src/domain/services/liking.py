"""Liking: once a person a post, counted exactly."""

from domain.clock import Clock
from domain.feeds import Feeds
from domain.ids import PostId, UserId
from domain.likes import Liking
from domain.pages import Page, PageRequest
from domain.people import People, Profile
from domain.posts import PostNotFound
from domain.unit_of_work import Begin


class LikingPosts:
    def __init__(self, begin: Begin, feeds: Feeds, people: People, clock: Clock) -> None:
        self._begin = begin
        self._feeds = feeds
        self._people = people
        self._clock = clock

    async def like(self, post_id: PostId, user_id: UserId) -> Liking:
        """Like; idempotent. Raises `PostNotFound`."""
        async with self._begin() as uow:
            liking = await uow.likes.add(post_id, user_id, self._clock.now())
            await uow.commit()
        return _standing(liking)

    async def unlike(self, post_id: PostId, user_id: UserId) -> Liking:
        """Take the like back; idempotent. Raises `PostNotFound`."""
        async with self._begin() as uow:
            liking = await uow.likes.remove(post_id, user_id)
            await uow.commit()
        return _standing(liking)

    async def who_liked(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who liked a post, newest like first. Raises `PostNotFound`."""
        if await self._feeds.post(post_id, viewer) is None:
            raise PostNotFound
        return await self._people.who_liked(post_id, viewer, page)


def _standing(liking: Liking | None) -> Liking:
    if liking is None:
        raise PostNotFound
    return liking
