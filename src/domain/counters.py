"""Stored counters: which rows they count, and their verification and repair."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.ids import PostId, UserId


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that differs from the number of its rows; `counter` is a name such as `post.like_count`."""

    counter: str
    id: UUID
    stored: int
    actual: int


LIKES = "post.like_count"
COMMENTS = "post.comment_count"
FOLLOWERS = "user.followers_count"
FOLLOWING = "user.following_count"
POSTS = "user.posts_count"
COUNTERS = (LIKES, COMMENTS, FOLLOWERS, FOLLOWING, POSTS)


@dataclass(frozen=True, slots=True)
class CounterChange:
    """A change of the counter of one post or user. A counter is the sum of the changes of all rows that exist."""

    counter: str
    id: UUID
    by: int = 1


def count_like(post_id: PostId) -> tuple[CounterChange, ...]:
    """Return what a like changes. Its removal undoes this."""
    return (CounterChange(LIKES, post_id),)


def count_comment(post_id: PostId) -> tuple[CounterChange, ...]:
    """Return what a comment changes, whoever writes it."""
    return (CounterChange(COMMENTS, post_id),)


def count_post(author_id: UserId) -> tuple[CounterChange, ...]:
    """Return what a post changes, whatever its visibility."""
    return (CounterChange(POSTS, author_id),)


def count_follow(follower: UserId, followee: UserId) -> tuple[CounterChange, ...]:
    """Return what a follow changes. A request to follow changes nothing until it is accepted."""
    return CounterChange(FOLLOWING, follower), CounterChange(FOLLOWERS, followee)


def undo(changes: Sequence[CounterChange]) -> tuple[CounterChange, ...]:
    """Return the changes when the row is deleted."""
    return tuple(CounterChange(change.counter, change.id, -change.by) for change in changes)


@dataclass(frozen=True, slots=True)
class CounterCheck:
    """The result of a check: the number of wrong rows for each counter. 0 is correct."""

    checked_at: datetime
    wrong: Mapping[str, int]


class Counters(Protocol):
    @abstractmethod
    async def verify(self) -> Sequence[Drift]:
        """Return every counter that differs from its rows, all read in one snapshot. Writes nothing."""

    @abstractmethod
    async def record_check(self, now: datetime) -> None:
        """Verify the counters and store the result."""

    @abstractmethod
    async def last_check(self) -> CounterCheck | None:
        """Return the latest stored result of any process; None before the first check."""

    @abstractmethod
    async def repair(self) -> Sequence[Drift]:
        """Correct the wrong counters and return them. Safe while requests are served."""
