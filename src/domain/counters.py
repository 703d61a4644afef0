"""Counts are exact, and can be proved so."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Drift:
    """A counter that does not equal its rows; `counter` as in `post.like_count`."""

    counter: str
    id: UUID
    stored: int
    actual: int


class Counters(Protocol):
    @abstractmethod
    async def verify(self) -> Sequence[Drift]:
        """Every counter that differs from the rows it counts, all seen at one moment; nothing is written."""

    @abstractmethod
    async def repair(self) -> Sequence[Drift]:
        """Set those counters right, safe beside running traffic; what was mended."""
