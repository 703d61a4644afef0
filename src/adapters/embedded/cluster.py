"""The data folder: made whole or not at all, and only opened by the PostgreSQL that made it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.embedded.binaries import MAJOR
from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.initdb import create_cluster
from adapters.embedded.paths import ClusterPaths
from adapters.embedded.relocation import MOVED
from adapters.embedded.runner import Runner

_NEW = "data.new-"


class Cluster:
    """What PostgreSQL calls a cluster: the files of one server, with the database and its extension in it."""

    def __init__(self, paths: ClusterPaths, programs: Path, runner: Runner) -> None:
        self._paths = paths
        self._programs = programs
        self._runner = runner

    def make_or_check(self, report: Callable[[str], None]) -> None:
        for interrupted in (*self._paths.base.glob(f"{_NEW}*"), self._paths.root / MOVED):
            shutil.rmtree(interrupted, ignore_errors=True)
        if self._exists():
            self._refuse_another_major()
        else:
            report(f"Making the database in {self._paths.data} (only this once)")
            self._make()

    def _exists(self) -> bool:
        data = self._paths.data
        if not data.exists() or (data.is_dir() and not any(data.iterdir())):
            return False
        if (data / "PG_VERSION").is_file():
            return True
        raise EmbeddedUnavailable(
            f"{data} holds something that is not a PostgreSQL database (it has no PG_VERSION): move it away, or set"
            " TINTYPE_HOME to another folder."
        )

    def _refuse_another_major(self) -> None:
        made_by = (self._paths.data / "PG_VERSION").read_text().strip()
        if made_by != MAJOR:
            raise EmbeddedUnavailable(
                f"The database in {self._paths.data} was made by PostgreSQL {made_by}, and this program brings"
                f" PostgreSQL {MAJOR}: move it over with the older one's pg_dump and this one's psql, or set"
                " TINTYPE_HOME to another folder."
            )

    def _make(self) -> None:
        # Made beside and renamed when complete: whatever interrupts this leaves a folder that the next start removes.
        beside = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._paths.base))
        try:
            create_cluster(beside, self._programs, self._runner)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        beside.rename(self._paths.data)
        _flush_names(self._paths.base)


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
