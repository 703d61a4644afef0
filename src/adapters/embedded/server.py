"""The public interface of the embedded server: `EmbeddedPostgres`."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from types import TracebackType
from typing import Self
from urllib.parse import quote

from adapters.embedded.accounts import refuse_foreign_owner
from adapters.embedded.binaries import binaries, binaries_for
from adapters.embedded.cluster import Cluster
from adapters.embedded.errors import EmbeddedUnavailable, advice
from adapters.embedded.initdb import DATABASE, SUPERUSER
from adapters.embedded.launch import launch
from adapters.embedded.locks import lock_file
from adapters.embedded.owners import Owner, Owners
from adapters.embedded.paths import ClusterPaths
from adapters.embedded.postmaster import Postmaster
from adapters.embedded.psql import psql_command
from adapters.embedded.relocation import refuse_missing
from adapters.embedded.runners import runner_for

__all__ = ["EmbeddedPostgres", "EmbeddedUnavailable", "binaries", "psql_command"]

logger = logging.getLogger("tintype.embedded")


class EmbeddedPostgres:
    """A PostgreSQL server with pgvector, shared by all processes of this machine. Its data are in `home / "postgres"`.

    The first process to join creates and starts it; the last one to leave stops it. The next process that joins or
    leaves removes owners that died without leaving. A forked child must join by itself. Thread-safe and process-safe.
    The caller must call `leave`, on signals and at exit too.
    """

    def __init__(
        self, home: Path, report: Callable[[str], None] = logger.info, *, user_namespace: bool = False
    ) -> None:
        self._paths = ClusterPaths.under(home)
        self._user_namespace = user_namespace
        self._report = report
        self._owners = Owners(self._paths.owners)
        self._postmaster = Postmaster(self._paths, report)
        self._owner: Owner | None = None
        self._url: str | None = None

    def join(self) -> str:
        """Start the server if necessary, and register this process as an owner. Returns `url`.

        Raises `EmbeddedUnavailable`; the process is then not registered.
        """
        with self._translate_errors("opened"):
            refuse_foreign_owner(self._paths)
            self._paths.prepare()
            with lock_file(self._paths.lock, self._report):
                try:
                    return self._join()
                except BaseException:
                    self._stop_if_unowned()
                    raise

    def leave(self) -> None:
        """Unregister this process. The last owner stops the server and waits for it. Further calls do nothing."""
        if not self._owner or not self._owner.is_this_process or not self._paths.root.exists():
            return
        with self._translate_errors("closed"), lock_file(self._paths.lock, self._report):
            self._owners.remove(self._owner)
            self._owner = None
            self._stop_if_unowned()

    @property
    def exists(self) -> bool:
        """Whether the database exists, running or not."""
        return self._paths.data.exists()

    @property
    def url(self) -> str:
        """The address for libpq and compatible clients: `postgresql://postgres@/tintype?host=<the socket's folder>`."""
        if self._url is None:
            raise EmbeddedUnavailable("The embedded database has not been joined yet: call join() first.")
        return self._url

    def __enter__(self) -> Self:
        self.join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def _join(self) -> str:
        pid = self._postmaster.pid()
        # A running server may be stopping, for instance because the machine is shutting down.
        if not (pid and self._postmaster.wait_until_ready(pid)):
            self._start()
        if not self._owner or not self._owner.is_this_process:
            self._owner = Owner.current()
        self._owners.add(self._owner)
        folder = quote(str(self._postmaster.socket_folder()), safe="")
        self._url = f"postgresql://{SUPERUSER}@/{DATABASE}?host={folder}"
        return self._url

    def _stop_if_unowned(self) -> None:
        # Only a visible server: an invisible one, as in another container, has invisible owners.
        if self._postmaster.pid() and not self._owners.living_owners():
            self._postmaster.stop()

    def _start(self) -> None:
        pid = self._postmaster.start(self._launch)
        if not self._postmaster.wait_until_ready(pid):
            raise EmbeddedUnavailable(self._postmaster.describe_failure())

    def _launch(self, alive: int) -> int:
        """Requires the lock `alive`, since files may change their owner or their folder before the server starts."""
        refuse_missing(self._paths)
        runner = runner_for(self._paths, user_namespace=self._user_namespace)
        programs = binaries_for(runner, self._paths)
        Cluster(self._paths, programs, runner).create_or_check(self._report)
        if os.geteuid() == 0:
            runner.owner.chown_all(self._paths.data.resolve())
        return launch(self._paths, programs, runner, alive)

    @contextmanager
    def _translate_errors(self, action: str) -> Iterator[None]:
        try:
            yield
        except (OSError, SubprocessError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = getattr(error, "filename", None) or self._paths.root
            remedy = advice(reason, "Set TINTYPE_HOME to another folder.")
            raise EmbeddedUnavailable(f"The database could not be {action}: {where}: {reason}. {remedy}") from error
