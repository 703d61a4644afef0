"""Checks that the blob folder is writable, by writing a file."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

from adapters.filesystem.durable import TEMPORARY, make_folder, translate_os_errors
from domain.blobs import StorageUnavailable
from domain.health import Health, Probe

PART = "storage"
LOW_SPACE = 1 << 30
"""A warning is given below the minimum of free disk space plus this many bytes."""


class FilesystemProbe(Probe):
    def __init__(self, folder: Path, min_free: int = 0) -> None:
        self._folder = folder
        self._min_free = min_free

    async def check(self) -> Health:
        return await asyncio.to_thread(self._check)

    def _check(self) -> Health:
        try:
            with translate_os_errors(self._folder):
                make_folder(self._folder)
                trial = self._folder / f"{TEMPORARY}{uuid4().hex}"
                trial.write_bytes(b"health check")
                trial.unlink()
                free = shutil.disk_usage(self._folder).free
        except StorageUnavailable as fault:
            return Health(PART, ok=False, detail=fault.operator_message, remedy="solve this problem, then try again")
        detail = f"{self._folder}, {free / (1 << 30):.1f} GiB free"
        if free < self._min_free:
            remedy = "free some space or lower TINTYPE_MIN_FREE_BYTES: uploads are refused"
            return Health(PART, ok=False, detail=detail, remedy=remedy, required=False)  # reading still works
        warning = "free some space before uploads are refused" if free < LOW_SPACE + self._min_free else None
        return Health(PART, ok=True, detail=detail, remedy=warning)
