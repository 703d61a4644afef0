"""A process that cleans up after killed tests. It waits for the end of a pipe, its input.

The pipe ends with the process that holds its other end. For each folder named in the pipe that still exists, the reaper
kills the owners of its databases, stops their servers, and removes the folder.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_ROOT = Path(__file__).parents[1]


class Reaper:
    """Provides folders that do not outlive this process."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.reaper"],
            stdin=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={"PYTHONPATH": os.pathsep.join([str(_ROOT / "src"), str(_ROOT)]), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,  # Ctrl-C in the terminal must end only the tests
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A new folder that every user may enter, unlike pytest's tmp_path: if the tests run as root, PostgreSQL runs
        as another user."""
        folder = Path(tempfile.mkdtemp(prefix="tintype-test-"))
        folder.chmod(0o755)
        assert self._process.stdin
        print(folder, file=self._process.stdin, flush=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    named = [Path(line.rstrip("\n")) for line in sys.stdin]
    for folder in filter(Path.exists, named):
        for owners in folder.glob("**/postgres/owners"):
            _end_database(owners.parents[1])
        shutil.rmtree(folder, ignore_errors=True)


def _end_database(home: Path) -> None:
    from adapters.embedded.owners import Owners
    from adapters.embedded.paths import ClusterPaths
    from adapters.embedded.postmaster import Postmaster

    place = ClusterPaths.under(home)
    for owner in Owners(place.owners).living_owners():
        with suppress(ProcessLookupError):
            os.kill(owner.pid, signal.SIGKILL)
    Postmaster(place, print).stop()


if __name__ == "__main__":
    main()
