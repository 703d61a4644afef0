"""Starting the server's process, apart from ours: it outlives this one for the sake of its other owners."""

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
    # The server's own life only: its clients' errors are theirs to log, and hold what people wrote.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
}
_MB = 1 << 20


def launch(paths: ClusterPaths, programs: Path, runner: Runner, alive: int) -> int:
    """The pid of a new server, which inherits the held lock `alive`. It may still end at once, or have to recover."""
    folder = socket_folder(paths, runner)
    make_socket_folder(folder, paths, runner)
    for name in SOCKET_NAMES:  # a leftover's pid may be a stranger's by now, and PostgreSQL would believe it
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
    """Bytes of `memory` for the database's own cache: a sixteenth, since others live on the machine too. The indexes of
    two million posts fit into the most of it; what is not used is not taken."""
    return min(max(memory // 16, 128 * _MB), 1024 * _MB)
