"""Liking of posts."""

from domain.clock import Clock
from domain.ids import Ids, NotificationId, PostId, UserId
from domain.likes import Likes, LikeState
from domain.pages import Page, PageRequest
from domain.post_views import PostReader
from domain.posts import PostNotFound
from domain.profiles import Profile, UserReader


class Liking:
    def __init__(self, likes: Likes, post_reader: PostReader, user_reader: UserReader, clock: Clock, ids: Ids) -> None:
        self._likes = likes
        self._post_reader = post_reader
        self._user_reader = user_reader
        self._clock = clock
        self._ids = ids

    async def like(self, post_id: PostId, user_id: UserId) -> LikeState:
        """Like a post; idempotent. Raises `PostNotFound`."""
        return _require_state(
            await self._likes.add(post_id, user_id, self._clock.now(), NotificationId(self._ids.new()))
        )

    async def unlike(self, post_id: PostId, user_id: UserId) -> LikeState:
        """Remove a like; idempotent. This includes likes of posts that are now hidden from the user. Raises
        `PostNotFound`."""
        return _require_state(await self._likes.remove(post_id, user_id))

    async def likers(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        """Return the users who liked a post, newest like first. Raises `PostNotFound`."""
        if await self._post_reader.by_id(post_id, viewer) is None:
            raise PostNotFound
        return await self._user_reader.likers(post_id, viewer, page)


def _require_state(state: LikeState | None) -> LikeState:
    if state is None:
        raise PostNotFound
    return state
