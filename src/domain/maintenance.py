"""Periodic tasks that one worker does for the whole deployment."""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import Protocol


class MaintenanceRuns(Protocol):
    """When each task began last, on any machine."""

    @abstractmethod
    async def begin(self, task: str, now: datetime, pause: timedelta) -> bool:
        """Record that a run begins, unless another one began less than `pause` ago. Return whether it begins. Of
        concurrent calls exactly one begins a run."""

    @abstractmethod
    async def undo(self, task: str) -> None:
        """Let the next call begin a run, because this one failed."""
