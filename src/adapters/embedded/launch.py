"""Starts the server as an independent process, which outlives this one if it has other owners."""

import os
from pathlib import Path

from adapters.embedded.log import open_log
from adapters.embedded.paths import ClusterPaths
from adapters.embedded.runner import Runner
from adapters.embedded.sockets import PORT, SOCKET_NAMES, make_socket_folder, socket_folder

_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "jit": "off",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The log excludes statements and their errors: clients log those, and they contain users' data.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
}
_MB = 1 << 20


def launch(paths: ClusterPaths, programs: Path, runner: Runner, alive: int) -> int:
    """The pid of a new server, which inherits the held lock `alive`. The server may still fail or need recovery."""
    folder = socket_folder(paths, runner)
    make_socket_folder(folder, paths, runner)
    for name in SOCKET_NAMES:  # the pid in a stale lock file may belong to another process by now
        (folder / name).unlink(missing_ok=True)
    log = open_log(paths)
    try:
        return runner.detach([programs / "postgres", "-D", paths.data, *_options(folder)], log, inherited=alive)
    finally:
        os.close(log)


def _options(folder: Path) -> list[str]:
    quoted = str(folder).replace('"', '""')
    settings = {
        **_SETTINGS,
        "unix_socket_directories": f'"{quoted}"',
        "shared_buffers": f"{_buffers(os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')) // _MB}MB",
    }
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _buffers(memory: int) -> int:
    """The size of the database's cache: a sixteenth of `memory`, since other programs need memory too. At its maximum,
    the indexes of two million posts fit. Unused pages are not allocated."""
    return min(max(memory // 16, 128 * _MB), 1024 * _MB)
