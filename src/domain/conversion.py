"""From a network as it was published to a file that runs here."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ProgressReporter = Callable[[str], None]
"""Told what goes on, a sentence at a time."""


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """An .onnx file, and what is to be remembered about where it comes from."""

    path: Path
    provenance: Mapping[str, object]


class ModelConverter(Protocol):
    @abstractmethod
    def check(self) -> None:
        """Raise `Unavailable` when this machine has nothing to convert with, or no room for it. Makes nothing."""

    @abstractmethod
    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        """The network in `folder` (of a SavedModel) as a file that exists as long as the block. Proved before the block
        begins: on random inputs and on `photographs` both forms give the same five best classes and probabilities that
        differ by 1e-4 at most.

        Raises `UnusableModel` when it cannot be converted or the proof fails, and what `check` raises.
        """
