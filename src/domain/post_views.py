"""Posts as people read them, and the lists they stand in."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from domain.ids import PostId, UserId
from domain.images import Image
from domain.pages import Page, PageRequest
from domain.posts import Post, Visibility
from domain.profiles import Byline


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with its author and images, as a viewer sees it; `liked` is None when nobody is signed in. `audience` is
    who may see it now: followers alone, whatever its visibility, while the author's account is private."""

    post: Post
    author: Byline
    images: tuple[Image, ...]
    liked: bool | None = None
    audience: Visibility = Visibility.PUBLIC


class PostReader(Protocol):
    """Lists of posts, newest first, holding only what the viewer may see: their own, and of people apart from whom no
    block keeps them what is public, or all where they follow. Reads stand outside any unit of work and show every
    acknowledged write; a page costs the same wherever it is cut."""

    @abstractmethod
    async def by_id(self, post_id: PostId, viewer: UserId | None) -> PostView | None:
        """One post, or None when it is absent or hidden from this viewer."""

    @abstractmethod
    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """All public posts but those of people the viewer mutes."""

    @abstractmethod
    async def of_author(self, author: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """One person's posts."""

    @abstractmethod
    async def liked_by(self, user: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """The posts a person liked, newest like first."""

    @abstractmethod
    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        """The posts of those the viewer follows and does not mute, and their own."""
