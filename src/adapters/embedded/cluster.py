"""The data folder: created completely or not at all, and opened only by the major version that created it."""

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
    """A PostgreSQL cluster: the files of one server, including the database and its extension."""

    def __init__(self, paths: ClusterPaths, programs: Path, runner: Runner) -> None:
        self._paths = paths
        self._programs = programs
        self._runner = runner

    def create_or_check(self, report: Callable[[str], None]) -> None:
        for interrupted in (*self._paths.base.glob(f"{_NEW}*"), self._paths.root / MOVED):
            shutil.rmtree(interrupted, ignore_errors=True)
        if self._exists():
            self._refuse_another_major()
        else:
            report(f"Creating the database in {self._paths.data} (first start only)")
            self._create()

    def _exists(self) -> bool:
        data = self._paths.data
        if not data.exists() or (data.is_dir() and not any(data.iterdir())):
            return False
        if (data / "PG_VERSION").is_file():
            return True
        raise EmbeddedUnavailable(
            f"{data} contains files but no PostgreSQL database (PG_VERSION is missing): move them away, or set"
            " TINTYPE_HOME to another folder."
        )

    def _refuse_another_major(self) -> None:
        major = (self._paths.data / "PG_VERSION").read_text().strip()
        if major != MAJOR:
            raise EmbeddedUnavailable(
                f"The database in {self._paths.data} was created by PostgreSQL {major}, and this program includes"
                f" PostgreSQL {MAJOR}: migrate it with the older pg_dump and the included psql, or set"
                " TINTYPE_HOME to another folder."
            )

    def _create(self) -> None:
        # Created in a temporary folder and renamed at the end. The next start removes the rest of an interruption.
        pending = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._paths.base))
        try:
            create_cluster(pending, self._programs, self._runner)
        except BaseException:
            shutil.rmtree(pending, ignore_errors=True)
            raise
        pending.rename(self._paths.data)
        _flush_names(self._paths.base)


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
