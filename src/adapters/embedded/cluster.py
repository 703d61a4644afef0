"""The data folder: made whole or not at all, and only opened by the PostgreSQL that made it."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.embedded.binaries import MAJOR
from adapters.embedded.errors import EmbeddedUnavailable, advice
from adapters.embedded.log import reasons_in
from adapters.embedded.place import Place
from adapters.embedded.unprivileged import Account, run

SUPERUSER = "postgres"
DATABASE = "tintype"
_NEW = "data.new-"
# The builtin locale, because the machine's own would make the order of texts differ from one machine to the next.
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


class Cluster:
    """What PostgreSQL calls a cluster: the files of one server, with the database and its extension in it."""

    def __init__(self, place: Place, programs: Path, account: Account | None) -> None:
        self._place = place
        self._programs = programs
        self._account = account

    def make_or_check(self, say: Callable[[str], None]) -> None:
        for interrupted in self._place.root.glob(f"{_NEW}*"):
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
        beside = Path(tempfile.mkdtemp(prefix=_NEW, dir=self._place.root))
        try:
            self._fill(beside)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
        beside.rename(self._place.data)
        _flush_names(self._place.root)

    def _fill(self, folder: Path) -> None:
        if self._account:
            self._account.own(folder)
        self._run("initdb", *_INITDB, f"--pgdata={folder}")
        self._sql(folder, "postgres", f"create database {DATABASE}")
        self._sql(folder, DATABASE, "create extension vector")

    def _sql(self, data: Path, database: str, statement: str) -> None:
        """Without a server: PostgreSQL's single-user mode. So the folder is complete before it gets its name."""
        self._run("postgres", "--single", "-j", "-D", data, "-c", "exit_on_error=on", database, text=statement)

    def _run(self, program: str, *arguments: str | Path, text: str = "") -> None:
        done = run([self._programs / program, *arguments], self._account, text)
        if done.returncode != 0:
            # The first: what follows it are its consequences.
            reason = reasons_in(done.stderr)[0] or f"{program} ended with status {done.returncode}"
            what_to_do = advice(reason, "Nothing of it was kept: set that right and start again.")
            raise EmbeddedUnavailable(f"The database in {self._place.root} could not be made: {reason}. {what_to_do}")


def _flush_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
