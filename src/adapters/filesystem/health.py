"""Whether the folder of blobs can be written, tried for real."""

import asyncio
import shutil
from pathlib import Path
from uuid import uuid4

from adapters.filesystem.durable import TEMPORARY, make_folder, translate_os_errors
from domain.blobs import StorageUnavailable
from domain.health import Health, Probe

PART = "storage"
LOW_SPACE = 1 << 30
"""Bytes of free disk above the minimum below which a warning is given."""


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
                trial.write_bytes(b"may I?")
                trial.unlink()
                free = shutil.disk_usage(self._folder).free
        except StorageUnavailable as fault:
            return Health(
                PART, ok=False, detail=fault.operator_message, remedy="set right what it says, then try again"
            )
        detail = f"{self._folder}, {free / (1 << 30):.1f} GiB free"
        if free < self._min_free:
            remedy = "free some space or lower TINTYPE_MIN_FREE_BYTES: uploads are refused now"
            return Health(PART, ok=False, detail=detail, remedy=remedy, required=False)  # reading works
        warning = "free some space before uploads are refused" if free < LOW_SPACE + self._min_free else None
        return Health(PART, ok=True, detail=detail, remedy=warning)
