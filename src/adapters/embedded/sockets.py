"""The folder of the server's socket: beside the data, or a short one where that path would not do."""

import hashlib
import os
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.paths import ClusterPaths, make_folder
from adapters.embedded.runner import Runner
from adapters.embedded.temporary import temporary_folders

PORT = 5432  # no TCP port: only a part of the sockets' name
SOCKET_NAMES = (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock")
# The kernel takes 107 bytes for a socket's path, macOS 103.
_PATH_BYTES = 100


def socket_folder(paths: ClusterPaths, runner: Runner) -> Path:
    """Where a server that starts now should listen."""
    if _fits(paths.socket_folder):
        return paths.socket_folder
    # Another owner gets another folder: he could not use the one that a killed server left.
    name = hashlib.sha256(os.fsencode(paths.root) + b"\0%d" % runner.owner.uid).hexdigest()[:16]
    for temporary in temporary_folders(runner):
        if _fits(short := temporary / f"tintype-{name}"):
            return short
    raise EmbeddedUnavailable(
        f"The path {paths.socket_folder} is no path for a socket (above {_PATH_BYTES} bytes, or with a comma), nor is"
        " the temporary folder's: set TINTYPE_HOME or TMPDIR to a shorter path."
    )


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the end of one host and the beginning of the next, and knows no way to quote it. An address
    # is text, so bytes that are no text cannot be part of it.
    short = len(os.fsencode(folder / SOCKET_NAMES[0])) <= _PATH_BYTES
    return short and "," not in str(folder) and str(folder).isprintable()


def make_socket_folder(folder: Path, paths: ClusterPaths, runner: Runner) -> None:
    """A folder only the server's user can enter, because whoever reaches the socket is let in without a password."""
    if not os.path.lexists(folder):
        make_folder(folder, 0o700)
        if os.geteuid() == 0:
            runner.owner.chown(folder)
    elif folder == paths.socket_folder and os.geteuid() == 0 and not folder.is_symlink():
        runner.owner.chown(folder)  # left by a server that ran as somebody else
    found = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or found.st_uid != runner.owner.uid or found.st_mode & 0o077:
        raise EmbeddedUnavailable(
            f"{folder}, where the database's socket should be, is not a private folder of the user"
            f" {runner.owner.name}: remove it, or set TINTYPE_HOME to a shorter path."
        )
