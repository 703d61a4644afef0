"""The embedded server's front door: `EmbeddedPostgres`."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import SubprocessError
from types import TracebackType
from typing import Self
from urllib.parse import quote

from adapters.embedded.accounts import refuse_another_users
from adapters.embedded.binaries import binaries, binaries_for
from adapters.embedded.cluster import Cluster
from adapters.embedded.errors import EmbeddedUnavailable, advice
from adapters.embedded.initdb import DATABASE, SUPERUSER
from adapters.embedded.launch import launch
from adapters.embedded.locks import locked
from adapters.embedded.owners import Owner, Owners
from adapters.embedded.place import Place
from adapters.embedded.postmaster import Postmaster
from adapters.embedded.psql import psql_command
from adapters.embedded.relocation import refuse_missing
from adapters.embedded.runners import runner_for

__all__ = ["EmbeddedPostgres", "EmbeddedUnavailable", "binaries", "psql_command"]

logger = logging.getLogger("tintype.embedded")


class EmbeddedPostgres:
    """A PostgreSQL with pgvector, its data under `home / "postgres"`, for all processes of this machine that join.

    The first to join makes and starts it, the last to leave stops it. An owner that died without leaving is noticed by
    the next that joins or leaves. A forked child is no owner until it joins itself. Safe among threads and processes.
    Ending on a signal or at exit is the caller's to arrange: `leave` must be called.
    """

    def __init__(self, home: Path, say: Callable[[str], None] = logger.info, *, user_namespace: bool = False) -> None:
        self._place = Place.under(home)
        self._user_namespace = user_namespace
        self._say = say
        self._owners = Owners(self._place.owners)
        self._postmaster = Postmaster(self._place, say)
        self._owner: Owner | None = None
        self._url: str | None = None

    def join(self) -> str:
        """Starts the server unless it runs, and makes this process one of its owners. Returns `url`.

        Raises EmbeddedUnavailable; then this process is no owner.
        """
        with self._told_in_a_sentence("opened"):
            refuse_another_users(self._place)
            self._place.prepare()
            with locked(self._place.lock, self._say):
                try:
                    return self._join()
                except BaseException:
                    self._stop_if_unowned()
                    raise

    def leave(self) -> None:
        """Takes this process off the owners; the last one stops the server and waits for it. Again: nothing happens."""
        if not self._owner or not self._owner.is_this_process or not self._place.root.exists():
            return
        with self._told_in_a_sentence("closed"), locked(self._place.lock, self._say):
            self._owners.remove(self._owner)
            self._owner = None
            self._stop_if_unowned()

    @property
    def is_made(self) -> bool:
        """Whether there is a database, running or not."""
        return self._place.data.exists()

    @property
    def url(self) -> str:
        """The address for libpq and its kin: `postgresql://postgres@/tintype?host=<the socket's folder>`."""
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
        # One found running may be on its way out, for instance because the machine was told to shut down.
        if not (pid and self._postmaster.gets_ready(pid)):
            self._start()
        if not self._owner or not self._owner.is_this_process:
            self._owner = Owner.here()
        self._owners.add(self._owner)
        folder = quote(str(self._postmaster.socket_folder()), safe="")
        self._url = f"postgresql://{SUPERUSER}@/{DATABASE}?host={folder}"
        return self._url

    def _stop_if_unowned(self) -> None:
        # Only with a server in sight: one that cannot be seen from here has owners that cannot be seen either.
        if self._postmaster.pid() and not self._owners.living():
            self._postmaster.stop()

    def _start(self) -> None:
        pid = self._postmaster.start(self._launch)
        if not self._postmaster.gets_ready(pid):
            raise EmbeddedUnavailable(self._postmaster.why_ended())

    def _launch(self, alive: int) -> int:
        """Only while `alive` is held, since files may change their owner or their folder before the server starts."""
        refuse_missing(self._place)
        runner = runner_for(self._place, user_namespace=self._user_namespace)
        programs = binaries_for(runner, self._place)
        Cluster(self._place, programs, runner).make_or_check(self._say)
        if os.geteuid() == 0:
            runner.owner.own_all(self._place.data.resolve())
        return launch(self._place, programs, runner, alive)

    @contextmanager
    def _told_in_a_sentence(self, done: str) -> Iterator[None]:
        try:
            yield
        except (OSError, SubprocessError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            where = getattr(error, "filename", None) or self._place.root
            remedy = advice(reason, "Set TINTYPE_HOME to another folder.")
            raise EmbeddedUnavailable(f"The database could not be {done}: {where}: {reason}. {remedy}") from error
