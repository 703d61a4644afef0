"""The model of a service for which nobody has installed one."""

from abc import abstractmethod
from contextlib import AbstractContextManager
from typing import Protocol

from domain.conversion import ConvertedModel


class DefaultModel(Protocol):
    @abstractmethod
    def build(self) -> AbstractContextManager[ConvertedModel]:
        """The default model as an .onnx file that exists as long as the block. The same weights give the same bytes.

        Needs no network. Raises `UnusableModel` when its weights are damaged, `Unavailable` when they are missing.
        """
