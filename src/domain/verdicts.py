"""What owners say of the labels that a machine gave their pictures."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.errors import NotFound


class LabelNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("the image is not shown with such a label; its labels and their keys stand in the image")


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How often owners called the label `key` right or wrong; `name` is its latest."""

    key: str
    name: str
    right: int
    wrong: int

    @property
    def precision(self) -> float:
        """The share (0-1) of the verdicts that say right. Owners who object speak up sooner than those who agree, so
        that it is a lower bound rather than a measurement."""
        return self.right / (self.right + self.wrong)


class Verdicts(Protocol):
    @abstractmethod
    async def counts(self) -> Sequence[VerdictCount]:
        """Of every label that has a verdict, those most often called wrong first, equal ones by key."""
