"""Comments on posts."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.errors import NotFound
from domain.ids import CommentId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Byline
from domain.text import validate_text

MAX_COMMENT = 1000


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of 1-1000 characters on a post."""

    id: CommentId
    post_id: PostId
    author_id: UserId
    text: str
    created_at: datetime

    def __post_init__(self) -> None:
        validate_text("text", self.text, min_length=1, max_length=MAX_COMMENT)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with its author, as the viewer sees it."""

    comment: Comment
    author: Byline


class CommentNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("comment not found; it may have been deleted")


class Comments(Protocol):
    """The comments of a unit of work. They update the post's `comment_count`."""

    @abstractmethod
    async def add(self, comment: Comment) -> None:
        """Store a new comment on a post that the unit of work has fetched. Raises `UserNotFound` when the author's
        account was deleted meanwhile."""

    @abstractmethod
    async def get(self, comment_id: CommentId) -> Comment | None:
        """Return the comment, or None."""

    @abstractmethod
    async def delete(self, comment_id: CommentId) -> None:
        """Delete the comment; idempotent. Concurrent deletions change the count once."""


class CommentReader(Protocol):
    """Comments visible to a viewer. A comment is hidden while the viewer or the post's author and the comment's author
    are separated by a block (ADR 36). Reads run outside any unit of work."""

    @abstractmethod
    async def of_post(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        """Return the comments of a post, oldest first."""

    @abstractmethod
    async def of_author(self, author_id: UserId, page: PageRequest) -> Page[Comment]:
        """Return all comments of a user, newest first, also under posts that are now hidden from the user; for the
        user's own export."""

    @abstractmethod
    async def by_id(self, comment_id: CommentId, viewer: UserId | None) -> CommentView | None:
        """Return one comment, or None."""
