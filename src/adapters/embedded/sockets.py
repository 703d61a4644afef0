"""The folder of the server's socket: beside the data, or a shorter one if that path is too long."""

import hashlib
import os
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.paths import ClusterPaths, make_folder
from adapters.embedded.runner import Runner
from adapters.embedded.temporary import temporary_folders

PORT = 5432  # not a TCP port: only part of the socket's name
SOCKET_NAMES = (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock")
# A socket's path has at most 107 bytes on Linux, 103 on macOS.
_PATH_BYTES = 100


def socket_folder(paths: ClusterPaths, runner: Runner) -> Path:
    """The socket folder for a server that starts now."""
    if _fits(paths.socket_folder):
        return paths.socket_folder
    # The name depends on the owner, who could not use a folder left by another user's server.
    name = hashlib.sha256(os.fsencode(paths.root) + b"\0%d" % runner.owner.uid).hexdigest()[:16]
    for temporary in temporary_folders(runner):
        if _fits(short := temporary / f"tintype-{name}"):
            return short
    raise EmbeddedUnavailable(
        f"Neither {paths.socket_folder} nor the temporary folder can hold a socket (the path has more than"
        f" {_PATH_BYTES} bytes or a comma): set TINTYPE_HOME or TMPDIR to a shorter path."
    )


def _fits(folder: Path) -> bool:
    # libpq separates hosts by commas, and has no quoting. An address is text, so other bytes cannot be part of it.
    short = len(os.fsencode(folder / SOCKET_NAMES[0])) <= _PATH_BYTES
    return short and "," not in str(folder) and str(folder).isprintable()


def make_socket_folder(folder: Path, paths: ClusterPaths, runner: Runner) -> None:
    """Create a folder that only the server's user can enter, because connections need no password."""
    if not os.path.lexists(folder):
        make_folder(folder, 0o700)
        if os.geteuid() == 0:
            runner.owner.chown(folder)
    elif folder == paths.socket_folder and os.geteuid() == 0 and not folder.is_symlink():
        runner.owner.chown(folder)  # left by a server that ran as another user
    status = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or status.st_uid != runner.owner.uid or status.st_mode & 0o077:
        raise EmbeddedUnavailable(
            f"{folder}, the folder of the database's socket, is not a private folder of the user"
            f" {runner.owner.name}: remove it, or set TINTYPE_HOME to a shorter path."
        )
