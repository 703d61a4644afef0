"""Comments: what people say under a post."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ids import CommentId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Byline
from domain.text import validate_text

MAX_COMMENT = 1000


@dataclass(frozen=True, slots=True)
class Comment:
    """1-1000 characters under a post."""

    id: CommentId
    post_id: PostId
    author_id: UserId
    text: str
    created_at: datetime

    def __post_init__(self) -> None:
        validate_text("text", self.text, min_length=1, max_length=MAX_COMMENT)


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with its author, as a viewer sees it."""

    comment: Comment
    author: Byline


class Comments(Protocol):
    """The comments of a unit of work. The post's `comment_count` moves with the row."""

    @abstractmethod
    async def add(self, comment: Comment) -> None:
        """Store a new comment on a post that the unit of work holds locked. Raises `UserNotFound` when the author has
        just gone."""

    @abstractmethod
    async def get(self, comment_id: CommentId) -> Comment | None:
        """The comment, or None."""

    @abstractmethod
    async def delete(self, comment_id: CommentId) -> None:
        """Remove the comment; idempotent, also against a concurrent delete (the count moves once)."""


class CommentReader(Protocol):
    """Comments as a viewer may see them; nobody sees one while its author or the post's blocks the other (ADR 36).
    Reads stand outside any unit of work."""

    @abstractmethod
    async def of_post(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        """The comments of a post, oldest first."""

    @abstractmethod
    async def by_id(self, comment_id: CommentId, viewer: UserId | None) -> CommentView | None:
        """One comment, or None."""
