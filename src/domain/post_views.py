"""Posts as viewers see them, and lists of posts."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Protocol

from domain.ids import PostId, UserId
from domain.images import Image
from domain.pages import Page, PageRequest
from domain.posts import Post, SensitiveMedia, Visibility
from domain.profiles import Byline


@dataclass(frozen=True, slots=True)
class PostView:
    """A post with author and images, as a viewer sees it. `liked` is None when nobody is signed in. `audience` is the
    effective visibility: followers only while the author's account is private, whatever the post states. `hidden`: a
    decision hides the post for all but its author and moderators. `marked_sensitive`: a decision marks it."""

    post: Post
    author: Byline
    images: tuple[Image, ...]
    liked: bool | None = None
    audience: Visibility = Visibility.PUBLIC
    hidden: bool = False
    marked_sensitive: bool = False

    @property
    def is_sensitive(self) -> bool:
        """Whether the author or a moderator marked the post as sensitive."""
        return self.post.sensitive or self.marked_sensitive

    def is_covered(self, viewer: UserId | None, preference: SensitiveMedia) -> bool:
        """Whether pages cover the images until the viewer uncovers them. Authors see their own at once."""
        return self.is_sensitive and viewer != self.post.author_id and preference is SensitiveMedia.BLUR


class PostReader(Protocol):
    """Lists of the posts visible to a viewer, newest first: their own, public ones, and all posts of users they follow,
    except where a block separates viewer and author. Reads run outside any unit of work and show every acknowledged
    write. The cost of a page does not depend on its position."""

    @abstractmethod
    async def by_id(self, post_id: PostId, viewer: UserId | None) -> PostView | None:
        """Return one post, or None when it is absent or hidden from the viewer."""

    @abstractmethod
    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return all public posts, without those of users that the viewer mutes."""

    @abstractmethod
    async def of_author(self, author: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return the posts of one user."""

    @abstractmethod
    async def liked_by(self, user: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Return the posts that a user liked, newest like first."""

    @abstractmethod
    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        """Return the viewer's own posts and those of followed users who are not muted."""
