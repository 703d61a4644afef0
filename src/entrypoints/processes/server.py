"""HTTP server processes: granian with Tintype's signal handling and logging."""

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
"""Seconds for requests in progress at shutdown; a stalled upload must not block it."""

HEAD_TIMEOUT_MS = 20_000
"""Seconds from the connection, or the previous response, to the end of a request's head."""
BACKLOG = 4096
MAX_CONNECTIONS = 20_000
"""Connections per process, including idle ones and event streams; further ones wait."""
RESERVED_FILES = 256
"""File descriptors that a process needs besides its connections."""

_LOG_CONFIG = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"level": "WARNING", "propagate": True, "handlers": []}},
}


class Server(MPServer):
    """Shuts down gracefully on Ctrl-C, SIGTERM or the end of the terminal; a second signal aborts requests in
    progress."""

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
            http=HTTPModes.http1,  # otherwise there is no timeout for the first byte, which distinguishes the versions
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
            worker.interrupt_by_parent = True  # Ctrl-C in the terminal reaches it too, so its exit is expected
            if self.interrupt_signal:
                worker.kill()  # type: ignore[no-untyped-call]  # untyped in granian
        super().signal_handler_interrupt()  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, *_args: object, **_kwargs: object) -> None:
        self.signal_handler_interrupt()

    def run(self, *, with_worker: bool = False) -> None:
        """Serve until stopped. `with_worker`: analyse images in this process, for memory storage."""
        self.serve(
            target_loader=partial(
                load_application, parent=os.getpid(), is_stopping=self._stopping.is_set, with_worker=with_worker
            )
        )


def _max_connections() -> int:
    """As many as the limit of open files allows, which is raised as far as possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MAX_CONNECTIONS + RESERVED_FILES
    wanted = limit if hard == resource.RLIM_INFINITY else min(hard, limit)
    while soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (ValueError, OSError):  # macOS has an undocumented limit below `hard`
            wanted //= 2
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, max(1, soft - RESERVED_FILES))


def load_application(
    target: str, parent: int, *, is_stopping: Callable[[], bool], with_worker: bool
) -> Callable[..., Any]:
    """The application of the factory `target` (`module:function`), created in each process. It ends its open streams
    once `is_stopping`."""
    # A forked process has its parent's signal handlers, which ignore a stop, until granian installs its own.
    signal(SIGTERM, SIG_DFL)
    signal(SIGINT, SIG_IGN)
    from entrypoints.garbage import collect_normally
    from entrypoints.logs import configure_logging
    from entrypoints.processes.in_process_worker import InProcessWorker

    configure_logging()
    # Killed together with its parent: a graceful shutdown would keep the port while the next server starts.
    exit_with_parent(parent, SIGKILL)
    module, _, factory = target.partition(":")
    app = getattr(import_module(module), factory)()
    app.state.is_stopping = is_stopping
    collect_normally()
    return InProcessWorker(app, app.state.container) if with_worker else app
