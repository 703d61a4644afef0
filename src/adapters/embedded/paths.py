"""The folders and files the embedded server keeps: under `<home>/postgres`, or where its link leads."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from adapters.embedded.errors import EmbeddedUnavailable


@dataclass(frozen=True, slots=True)
class ClusterPaths:
    root: Path

    @classmethod
    def under(cls, home: Path) -> Self:
        # Resolved, so that two ways of writing one folder meet in one server.
        return cls(home.resolve() / "postgres")

    @property
    def home(self) -> Path:
        return self.root.parent

    @property
    def location(self) -> Path:
        """A link to the folder that holds what PostgreSQL has to reach, where it cannot reach the root (ADR 29)."""
        return self.root / "location"

    @property
    def base(self) -> Path:
        """Where data, socket and copied programs lie. Asked anew each time: another process may move them."""
        return resolve_link(self.location) if self.location.is_symlink() else self.root

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def socket_folder(self) -> Path:
        return self.base / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def lock(self) -> Path:
        """Held by whoever changes anything here: the making, the starting, the stopping, the list of owners."""
        return self.root / "lock"

    @property
    def alive_lock(self) -> Path:
        """Held by the server's own processes for as long as one of them lives, whatever any file says of pids."""
        return self.root / "alive"

    @property
    def owners(self) -> Path:
        return self.root / "owners"

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        make_folder(self.root, 0o700)
        if self.root.stat().st_uid == os.geteuid() == 0:
            # The server's unprivileged user has to pass through this folder; what lies in it stays closed.
            self.root.chmod(0o711)


def resolve_link(link: Path) -> Path:
    """Where a link leads that root or this user made: another user could lead root anywhere."""
    if link.lstat().st_uid not in {0, os.geteuid()}:
        raise EmbeddedUnavailable(f"{link} was made by neither root nor this user, and is not followed: remove it.")
    return link.readlink()


def make_folder(folder: Path, mode: int) -> None:
    """Makes the folder unless it is there. What root makes belongs to whom the folder around it belongs."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    _inherit_owner(folder)
    folder.chmod(mode)


def open_file(path: Path, flags: int) -> int:
    """A descriptor of the file, made (0600) when absent; never through a link, which another user may have laid."""
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    # Only a file made just now is given away: an older one may be a hard link to something else.
    _inherit_owner(path)
    return descriptor


def _inherit_owner(path: Path) -> None:
    around = path.parent.stat()
    if os.geteuid() == 0 and around.st_uid != 0:
        os.chown(path, around.st_uid, around.st_gid, follow_symlinks=False)
