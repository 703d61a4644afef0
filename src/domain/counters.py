"""Counts are exact, and can be proved so."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that does not equal its rows; `counter` as in `post.like_count`."""

    counter: str
    id: UUID
    stored: int
    actual: int


COUNTERS = ("post.like_count", "post.comment_count", "user.followers_count", "user.following_count", "user.posts_count")


@dataclass(frozen=True, slots=True)
class CounterCheck:
    """What came of looking: how many rows have each counter wrong; 0 is what it should be."""

    checked_at: datetime
    wrong: Mapping[str, int]


class Counters(Protocol):
    @abstractmethod
    async def verify(self) -> Sequence[Drift]:
        """Every counter that differs from the rows it counts, all seen at one moment; nothing is written."""

    @abstractmethod
    async def record_check(self, now: datetime) -> None:
        """Verify, and keep what came of it."""

    @abstractmethod
    async def last_check(self) -> CounterCheck | None:
        """What came of it last, in any process; None before the first time."""

    @abstractmethod
    async def repair(self) -> Sequence[Drift]:
        """Set those counters right, safe beside running traffic; what was mended."""
