"""Browsing: posts and the lists they stand in."""

from domain.feeds import Feeds, PostView
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.people import People, opened
from domain.posts import PostNotFound


class Browsing:
    def __init__(self, feeds: Feeds, people: People) -> None:
        self._feeds = feeds
        self._people = people

    async def post(self, post_id: PostId, viewer: UserId | None) -> PostView:
        """One post, if this viewer may see it. Raises `PostNotFound`."""
        view = await self._feeds.post(post_id, viewer)
        if view is None:
            raise PostNotFound
        return view

    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """All public posts, newest first."""
        return await self._feeds.newest(viewer, page)

    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        """The posts of those the viewer follows and their own, newest first."""
        return await self._feeds.home(viewer, page)

    async def of_author(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """One person's posts, newest first. Raises `UserNotFound`, `HiddenLists`."""
        author = await opened(self._people, username, viewer)
        return await self._feeds.of_author(author.user.id, viewer, page)

    async def liked_by(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """The posts a person liked, newest like first. Raises `UserNotFound`, `HiddenLists`."""
        liker = await opened(self._people, username, viewer)
        return await self._feeds.liked_by(liker.user.id, viewer, page)
