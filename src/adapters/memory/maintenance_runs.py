from datetime import datetime, timedelta

from domain.maintenance import MaintenanceRuns


class MemoryMaintenanceRuns(MaintenanceRuns):
    def __init__(self) -> None:
        self._began_at: dict[str, datetime] = {}

    async def begin(self, task: str, now: datetime, pause: timedelta) -> bool:
        last = self._began_at.get(task)
        if last is not None and now < last + pause:
            return False
        self._began_at[task] = now
        return True

    async def undo(self, task: str) -> None:
        self._began_at.pop(task, None)
