"""The model of a service on which no operator installed one."""

from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import Protocol

from domain.vision.conversion import ConvertedModel


class DefaultModel(Protocol):
    @abstractmethod
    def build(self) -> AbstractContextManager[ConvertedModel]:
        """Build the default model. The .onnx file exists for the duration of the block.

        Equal weights give equal bytes. Needs no network. Raises `UnusableModel` when the weights are damaged,
        `Unavailable` when they are missing.
        """
