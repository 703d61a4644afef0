"""Conversion of a published network to an ONNX file."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ProgressReporter = Callable[[str], None]
"""Receives progress messages, one sentence each."""


@dataclass(frozen=True, slots=True)
class ConvertedModel:
    """An .onnx file and the description of its origin."""

    path: Path
    provenance: Mapping[str, object]


class ModelConverter(Protocol):
    @abstractmethod
    def check(self) -> None:
        """Raise `Unavailable` if this machine lacks the tools or the disk space for a conversion. Creates nothing."""

    @abstractmethod
    def convert(
        self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter
    ) -> AbstractContextManager[ConvertedModel]:
        """Convert the SavedModel in `folder`. The file exists for the duration of the block.

        The conversion is verified before the block begins: on random inputs and on `photographs` both models give the
        same five best classes, and their probabilities differ by at most 1e-4.

        Raises `UnusableModel` when the conversion or the verification fails, and what `check` raises.
        """
