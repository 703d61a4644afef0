"""Time comes in from outside, so that every rule about it can be tested."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    @abstractmethod
    def now(self) -> datetime:
        """The present moment: timezone-aware, UTC."""
