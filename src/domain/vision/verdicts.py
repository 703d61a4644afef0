"""Verdicts: the owners' feedback on the labels of their images."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.errors import NotFound


class LabelNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("the image has no displayed label with this key; read the image for its labels and keys")


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How often owners marked the label `key` as right or wrong. `name` is its latest name."""

    key: str
    name: str
    right: int
    wrong: int

    @property
    def precision(self) -> float:
        """Return the share (0-1) of right verdicts. Owners report errors more often than correct labels, so it is a
        lower bound rather than a measurement."""
        return self.right / (self.right + self.wrong)


class VerdictReader(Protocol):
    @abstractmethod
    async def counts(self) -> Sequence[VerdictCount]:
        """Return the counts of every label with a verdict, those most often wrong first, equal ones by key."""
