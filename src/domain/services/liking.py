"""Liking: once a person a post, counted exactly."""

from domain.clock import Clock
from domain.feeds import Feeds
from domain.ids import Ids, NotificationId, PostId, UserId
from domain.likes import Likes, Liking
from domain.pages import Page, PageRequest
from domain.people import People, Profile
from domain.posts import PostNotFound


class LikingPosts:
    def __init__(self, likes: Likes, feeds: Feeds, people: People, clock: Clock, ids: Ids) -> None:
        self._likes = likes
        self._feeds = feeds
        self._people = people
        self._clock = clock
        self._ids = ids

    async def like(self, post_id: PostId, user_id: UserId) -> Liking:
        """Like; idempotent. Raises `PostNotFound`."""
        return _standing(await self._likes.add(post_id, user_id, self._clock.now(), NotificationId(self._ids.new())))

    async def unlike(self, post_id: PostId, user_id: UserId) -> Liking:
        """Take the like back; idempotent. Also one on a post that has been hidden from this person since. Raises
        `PostNotFound`."""
        return _standing(await self._likes.remove(post_id, user_id))

    async def who_liked(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Who liked a post, newest like first. Raises `PostNotFound`."""
        if await self._feeds.post(post_id, viewer) is None:
            raise PostNotFound
        return await self._people.who_liked(post_id, viewer, page)


def _standing(liking: Liking | None) -> Liking:
    if liking is None:
        raise PostNotFound
    return liking
