"""Starting the server's process, apart from ours: it outlives this one for the sake of its other owners."""

import os
import subprocess
from pathlib import Path

from adapters.embedded.log import open_log
from adapters.embedded.place import Place
from adapters.embedded.sockets import NAMES, PORT, make_socket_folder, socket_folder
from adapters.embedded.unprivileged import ENVIRONMENT, Account

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
# The shell ends at once and leaves the server to init: nobody has it as a child, so it leaves no zombie to its owners.
_DETACH = '"$@" </dev/null >&2 & echo $!'


def launch(place: Place, programs: Path, account: Account | None, alive: int) -> int:
    """The pid of a new server, which inherits the held lock `alive`. It may still end at once, or have to recover."""
    folder = socket_folder(place)
    make_socket_folder(folder, account)
    for name in NAMES:  # a leftover's pid may be a stranger's by now, and PostgreSQL would believe it
        (folder / name).unlink(missing_ok=True)
    log = open_log(place)
    try:
        shell = subprocess.run(  # noqa: S603  (the shell's text is constant, what varies are its arguments)
            ["/bin/sh", "-c", _DETACH, "sh", programs / "postgres", "-D", place.data, *_options(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
            cwd="/",
            env=ENVIRONMENT,
            umask=0o077,
            pass_fds=[alive],
            start_new_session=True,  # Ctrl-C in the terminal is for the owners: the last of them stops the server
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    finally:
        os.close(log)
    return int(shell.stdout)


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
