"""A clock port, so that tests control time."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    @abstractmethod
    def now(self) -> datetime:
        """Return the current time: timezone-aware, UTC."""
