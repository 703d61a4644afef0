"""The data folder: made whole or not at all, and only opened by the PostgreSQL that made it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.embedded.binaries import MAJOR
from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.initdb import fill
from adapters.embedded.place import Place
from adapters.embedded.relocation import MOVED
from adapters.embedded.runner import Runner

_NEW = "data.new-"


class Cluster:
    """What PostgreSQL calls a cluster: the files of one server, with the database and its extension in it."""

    def __init__(self, place: Place, programs: Path, runner: Runner) -> None:
        self._place = place
        self._programs = programs
        self._runner = runner

    def make_or_check(self, say: Callable[[str], None]) -> None:
        for interrupted in (*self._place.base.glob(f"{_NEW}*"), self._place.root / MOVED):
            shutil.rmtree(interrupted, ignore_errors=True)
        if self._made():
            self._refuse_another_major()
        else:
            say(f"Making the database in {self._place.data} (only this once)")
            self._make()

    def _made(self) -> bool:
        data = self._place.data
        if not data.exists() or (data.is_dir() and not any(data.iterdir())):
            return False
        if (data / "PG_VERSION").is_file():
            return True
        raise EmbeddedUnavailable(
            f"{data} holds something that is not a PostgreSQL database (it has no PG_VERSION): move it away, or set"
            " TINTYPE_HOME to another folder."
        )

    def _refuse_another_major(self) -> None:
        made_by = (self._place.data / "PG_VERSION").read_text().strip()
        if made_by != MAJOR:
            raise EmbeddedUnavailable(
                f"The database in {self._place.data} was made by PostgreSQL {made_by}, and this program brings"
                f" PostgreSQL {MAJOR}: move it over with the older one's pg_dump and this one's psql, or set"
                " TINTYPE_HOME to another folder."
            )

    def _make(self) -> None:
        # Made beside and renamed when complete: whatever interrupts this leaves a folder that the next start removes.
        beside = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._place.base))
        try:
            fill(beside, self._programs, self._runner)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        beside.rename(self._place.data)
        _flush_names(self._place.base)


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
