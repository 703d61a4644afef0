"""Processes that answer HTTP: granian, with its signals and its log made ours."""

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

from entrypoints.serving.orphans import end_without

API = "entrypoints.rest.asgi:create"
INFERENCE = "entrypoints.inference.asgi:create"
DRAIN = 30
"""Seconds that requests under way get at the end; one stalled upload must not hold up the stop for ever."""

HEAD_MILLISECONDS = 20_000
"""From a connection, or the answer before, to the end of a request's head."""
BACKLOG = 4096
MOST_CONNECTIONS = 20_000
"""Of a process at once, idle ones and event streams included; further ones wait until one of them ends."""
OTHER_FILES = 256
"""Files that a process needs beside its connections."""

_QUIET = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"level": "WARNING", "propagate": True, "handlers": []}},
}


class Api(MPServer):
    """Stops in good order on Ctrl-C, SIGTERM or the terminal's end; a second signal ends requests under way."""

    def __init__(self, host: str, port: int, workers: int = 1, target: str = API) -> None:
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
            http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS),
            backlog=BACKLOG,
            backpressure=_most_connections(),
            log_level=LogLevels.warning,
            log_dictconfig=_QUIET,
            workers_kill_timeout=DRAIN,
            respawn_failed_workers=True,
        )
        self._stopping = multiprocessing.Event()
        self.when_stopping: Callable[[], None] = lambda: None
        self.when_hurried: Callable[[], None] = lambda: None

    def signal_handler_interrupt(self, *_args: object, **_kwargs: object) -> None:
        if self.interrupt_signal:
            self.when_hurried()
        self._stopping.set()
        self.when_stopping()
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
            target_loader=partial(load, parent=os.getpid(), is_stopping=self._stopping.is_set, with_worker=with_worker)
        )


def _most_connections() -> int:
    """As many as the limit of open files allows, which is raised as far as the system lets this process do so."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_CONNECTIONS + OTHER_FILES
    wanted = most if hard == resource.RLIM_INFINITY else min(hard, most)
    while soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (ValueError, OSError):  # macOS has a limit below `hard`, which it does not tell
            wanted //= 2
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(1, soft - OTHER_FILES))


def load(target: str, parent: int, *, is_stopping: Callable[[], bool], with_worker: bool) -> Callable[..., Any]:
    """Called in each of the processes: the application that the factory `target` (`module:function`) makes. What it
    keeps open it ends by itself once `is_stopping`."""
    # Until granian's own take over, a forked process has its parent's handlers, which would swallow a stop.
    signal(SIGTERM, SIG_DFL)
    signal(SIGINT, SIG_IGN)
    from entrypoints.logs import configure
    from entrypoints.serving.within import WorkerWithin

    configure()
    # Killed, as what serves is: a drain would keep answering, and keep the port, beside the next one that starts.
    end_without(parent, SIGKILL)
    module, _, factory = target.partition(":")
    app = getattr(import_module(module), factory)()
    app.state.is_stopping = is_stopping
    return WorkerWithin(app, app.state.container) if with_worker else app
