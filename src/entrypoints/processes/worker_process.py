"""The worker as a child process of `tintype serve`, restarted when it dies."""

import logging
import subprocess
import threading
import time

from entrypoints.processes import child

FIRST_DELAY, MAX_DELAY = 1.0, 60.0
"""Seconds before a dead worker is replaced: doubled each time, and reset after a worker has run for long."""

logger = logging.getLogger("tintype.serve")


class WorkerProcess:
    """Keeps one `python -m entrypoints.worker` running between `start` and `stop`."""

    def __init__(self, first_delay: float = FIRST_DELAY) -> None:
        self._first_delay = first_delay
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.RLock()  # a second signal may arrive while the first is handled
        self._thread = threading.Thread(target=self._keep_running, name="worker-process", daemon=True)

    def start(self) -> None:
        # The caller's thread starts the first process. Otherwise the API could be forked while Popen runs: it would
        # inherit Popen's pipe, and Popen waits until all copies of that pipe are closed.
        self._start_one()
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The worker's process id; None if it does not run."""
        with self._lock:
            return self._process.pid if self._process and self._process.poll() is None else None

    def request_stop(self) -> None:
        """Signal the worker to finish its jobs, without waiting. Only once: a second signal would abort its job."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._stopping.set()
            if self._process and self._process.poll() is None:
                self._process.terminate()

    def kill(self) -> None:
        """Kill the worker. Its jobs are due again when their leases end."""
        self._stopping.set()
        with self._lock:
            if self._process and self._process.poll() is None:
                self._process.kill()

    def stop(self, timeout: float) -> None:
        """Signal the worker to stop, wait `timeout` seconds, then kill it."""
        self.request_stop()
        self._thread.join(timeout)
        if self._thread.is_alive():
            logger.warning("the worker has not finished within %.0f s; killing it, its job will be repeated", timeout)
            self.kill()
            self._thread.join()

    def _keep_running(self) -> None:
        delay = self._first_delay
        while process := self._process:
            started = time.monotonic()
            code = process.wait()
            if self._stopping.is_set():
                return
            if time.monotonic() - started > MAX_DELAY:
                delay = self._first_delay
            logger.error("the worker ended with code %d; restarting it in %.0f s", code, delay)
            if self._stopping.wait(delay):
                return
            self._start_one()
            delay = min(2 * delay, MAX_DELAY)

    def _start_one(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                return
            self._process = subprocess.Popen(  # noqa: S603  (our own)
                child.command("entrypoints.worker"), env=child.environment(), stdin=subprocess.DEVNULL
            )
