"""HTTP server processes: granian with our signal handling and logging."""

import multiprocessing
import os
import resource
from collections.abc import Callable
from functools import partial
from importlib import import_module
from signal import SIG_DFL, SIG_IGN, SIGINT, SIGKILL, SIGTERM, signal
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from entrypoints.exit_with_parent import exit_with_parent

API_TARGET = "entrypoints.asgi:create"
INFERENCE_TARGET = "entrypoints.inference.asgi:create"
DRAIN_SECONDS = 30
"""Seconds that requests under way get at the end; one stalled upload must not hold up the stop for ever."""

HEAD_TIMEOUT_MS = 20_000
"""From a connection, or the answer before, to the end of a request's head."""
BACKLOG = 4096
MAX_CONNECTIONS = 20_000
"""Of a process at once, idle ones and event streams included; further ones wait until one of them ends."""
RESERVED_FILES = 256
"""Files that a process needs beside its connections."""

_LOG_CONFIG = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"level": "WARNING", "propagate": True, "handlers": []}},
}


class Server(MPServer):
    """Stops in good order on Ctrl-C, SIGTERM or the terminal's end; a second signal ends requests under way."""

    def __init__(self, host: str, port: int, workers: int = 1, target: str = API_TARGET) -> None:
        super().__init__(
            target,
            host,
            port,
            interface=Interfaces.ASGI,
            workers=workers,
            runtime_mode=RuntimeModes.st if workers == 1 else RuntimeModes.auto,
            loop=Loops.uvloop,
            websockets=False,
            http=HTTPModes.http1,  # else the wait for the first byte, which tells the two versions apart, has no end
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_TIMEOUT_MS),
            backlog=BACKLOG,
            backpressure=_max_connections(),
            log_level=LogLevels.warning,
            log_dictconfig=_LOG_CONFIG,
            workers_kill_timeout=DRAIN_SECONDS,
            respawn_failed_workers=True,
        )
        self._stopping = multiprocessing.Event()
        self.on_stop: Callable[[], None] = lambda: None
        self.on_kill: Callable[[], None] = lambda: None

    def signal_handler_interrupt(self, *_args: object, **_kwargs: object) -> None:
        if self.interrupt_signal:
            self.on_kill()
        self._stopping.set()
        self.on_stop()
        for worker in self.wrks:
            worker.interrupt_by_parent = True  # the terminal's Ctrl-C reaches it too: no unexpected exit, then
            if self.interrupt_signal:
                worker.kill()  # type: ignore[no-untyped-call]  # granian's are
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, *_args: object, **_kwargs: object) -> None:
        self.signal_handler_interrupt()

    def run(self, *, with_worker: bool = False) -> None:
        """Serve until told to stop. `with_worker`: understand pictures in this very process, for the memory world."""
        self.serve(
            target_loader=partial(
                load_application, parent=os.getpid(), is_stopping=self._stopping.is_set, with_worker=with_worker
            )
        )


def _max_connections() -> int:
    """As many as the limit of open files allows, which is raised as far as the system lets this process do so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MAX_CONNECTIONS + RESERVED_FILES
    wanted = limit if hard == resource.RLIM_INFINITY else min(hard, limit)
    while soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (ValueError, OSError):  # macOS has a limit below `hard`, which it does not tell
            wanted //= 2
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, max(1, soft - RESERVED_FILES))


def load_application(
    target: str, parent: int, *, is_stopping: Callable[[], bool], with_worker: bool
) -> Callable[..., Any]:
    """Called in each of the processes: the application that the factory `target` (`module:function`) makes. What it
    keeps open it ends by itself once `is_stopping`."""
    # Until granian's own take over, a forked process has its parent's handlers, which would swallow a stop.
    signal(SIGTERM, SIG_DFL)
    signal(SIGINT, SIG_IGN)
    from entrypoints.logs import configure_logging
    from entrypoints.processes.in_process_worker import InProcessWorker

    configure_logging()
    # Killed, as what serves is: a drain would keep answering, and keep the port, beside the next one that starts.
    exit_with_parent(parent, SIGKILL)
    module, _, factory = target.partition(":")
    app = getattr(import_module(module), factory)()
    app.state.is_stopping = is_stopping
    return InProcessWorker(app, app.state.container) if with_worker else app
