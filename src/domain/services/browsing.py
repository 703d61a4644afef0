"""Reading of posts and post lists."""

from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.post_views import PostReader, PostView
from domain.posts import PostNotFound
from domain.profiles import UserReader, require_visible_profile


class Browsing:
    def __init__(self, post_reader: PostReader, user_reader: UserReader) -> None:
        self._post_reader = post_reader
        self._user_reader = user_reader

    async def post(self, post_id: PostId, viewer: UserId | None) -> PostView:
        """Return one post if the viewer may see it. Raises `PostNotFound`."""
        view = await self._post_reader.by_id(post_id, viewer)
        if view is None:
            raise PostNotFound
        return view

    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return all public posts, newest first."""
        return await self._post_reader.newest(viewer, page)

    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        """Return the posts of the viewer and of the users they follow, newest first."""
        return await self._post_reader.home(viewer, page)

    async def of_author(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return a user's posts, newest first. Raises `UserNotFound`, `HiddenLists`."""
        author = await require_visible_profile(self._user_reader, username, viewer)
        return await self._post_reader.of_author(author.user.id, viewer, page)

    async def liked_by(self, username: str, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return the posts that a user liked, newest like first. Raises `UserNotFound`, `HiddenLists`."""
        liker = await require_visible_profile(self._user_reader, username, viewer)
        return await self._post_reader.liked_by(liker.user.id, viewer, page)
