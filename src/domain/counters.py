"""Verification and repair of the stored counters."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that differs from the number of its rows; `counter` is a name such as `post.like_count`."""

    counter: str
    id: UUID
    stored: int
    actual: int


COUNTERS = ("post.like_count", "post.comment_count", "user.followers_count", "user.following_count", "user.posts_count")


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
