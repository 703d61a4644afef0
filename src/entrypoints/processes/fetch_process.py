"""Downloads the main model in a child process while the service answers."""

import logging
import os
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from signal import SIGKILL

from domain.errors import DomainError
from entrypoints.processes import child

KILL_TIMEOUT = 5.0
"""Seconds for a round to clean up before it is killed."""
MIN_WAIT = 60.0
"""Minimum seconds until the next check: another process may be running a round."""

logger = logging.getLogger("tintype.serve")


class FetchProcess:
    """Runs a process for each due round, until no round is needed or the service stops. `wait` returns the time until
    the next round; None if none is needed."""

    def __init__(self, wait: Callable[[], timedelta | None]) -> None:
        self._wait = wait
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._repeat, name="fetch-process", daemon=True)

    def start(self) -> None:
        # In the caller's thread: if the API forked while another thread runs Popen, it would inherit a pipe that Popen
        # waits for.
        if self._seconds_until_due() == 0:
            self._start_one()
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether a round is running."""
        with self._lock:
            return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Abort a round; an incomplete environment is recreated the next time."""
        with self._lock:
            self._stopping.set()
            process = self._process
        if process:
            _terminate(process)
        if self._thread.is_alive():
            self._thread.join()

    def _repeat(self) -> None:
        while True:
            if self._process:
                self._process.wait()
            remaining = self._seconds_until_due()
            if remaining is None or self._stopping.wait(max(remaining, MIN_WAIT)):
                return
            self._start_one()

    def _seconds_until_due(self) -> float | None:
        try:
            wait = self._wait()
        except DomainError as fault:
            logger.warning("the model cannot be fetched: %s", fault.operator_message)
            return None
        return None if wait is None else wait.total_seconds()

    def _start_one(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._process = subprocess.Popen(  # noqa: S603 — our own
                child.command("entrypoints.processes.fetch_model"),
                env=child.environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # so that pip and TensorFlow end with it
            )


def _terminate(process: subprocess.Popen[bytes]) -> None:
    """End the process and its children."""
    if process.poll() is not None:
        return  # its process id may be reused
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(KILL_TIMEOUT)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, SIGKILL)
    process.wait()
