"""The folder of the server's socket: in the place, or a short one where the place's path would not do."""

import hashlib
import os
import tempfile
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.place import Place, make_folder
from adapters.embedded.unprivileged import Account

PORT = 5432  # no TCP port: only a part of the sockets' name
NAMES = (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock")
# The kernel takes 107 bytes for a socket's path, macOS 103.
_PATH_BYTES = 100


def socket_folder(place: Place) -> Path:
    """Where a server that starts now should listen."""
    if _fits(place.socket_folder):
        return place.socket_folder
    name = hashlib.sha256(os.fsencode(place.root)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()).resolve() / f"tintype-{name}"
    if _fits(short):
        return short
    raise EmbeddedUnavailable(
        f"The path {place.socket_folder} is no path for a socket (above {_PATH_BYTES} bytes, or with a comma), nor is"
        " the temporary folder's: set TINTYPE_HOME or TMPDIR to a shorter path."
    )


def _fits(folder: Path) -> bool:
    # libpq reads a comma as the end of one host and the beginning of the next, and knows no way to quote it.
    return len(os.fsencode(folder / NAMES[0])) <= _PATH_BYTES and "," not in str(folder)


def make_socket_folder(folder: Path, account: Account | None) -> None:
    """A folder only the server's user can enter, because whoever reaches the socket is let in without a password."""
    owner = account.uid if account else os.geteuid()
    if not os.path.lexists(folder):
        make_folder(folder, 0o700)
        if account:
            account.own(folder)
    found = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedUnavailable(
            f"{folder}, where the database's socket should be, is not a private folder of the user"
            f" {Account.of(owner).name}: remove it, or set TINTYPE_HOME to a shorter path."
        )
