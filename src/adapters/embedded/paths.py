"""The folders and files of the embedded server: under `<home>/postgres`, or in the folder that its link points to."""

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
        # Resolved, so that two spellings of a path refer to the same server.
        return cls(home.resolve() / "postgres")

    @property
    def home(self) -> Path:
        return self.root.parent

    @property
    def location(self) -> Path:
        """A link to the folder for PostgreSQL's files, if PostgreSQL cannot reach the root (ADR 29)."""
        return self.root / "location"

    @property
    def base(self) -> Path:
        """The folder of data, socket and copied programs. Read on every access: another process may move it."""
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
        """Held while a process creates, starts or stops the server, or changes the list of owners."""
        return self.root / "lock"

    @property
    def alive_lock(self) -> Path:
        """Held by the server's processes as long as one of them runs, independently of pid files."""
        return self.root / "alive"

    @property
    def owners(self) -> Path:
        return self.root / "owners"

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        make_folder(self.root, 0o700)
        if self.root.stat().st_uid == os.geteuid() == 0:
            # The server's unprivileged user must traverse this folder. Its contents stay private.
            self.root.chmod(0o711)


def resolve_link(link: Path) -> Path:
    """The target of a link created by root or by this user. Another user's link could redirect root anywhere."""
    if link.lstat().st_uid not in {0, os.geteuid()}:
        raise EmbeddedUnavailable(f"{link} belongs to neither root nor this user, so it is not followed: remove it.")
    return link.readlink()


def make_folder(folder: Path, mode: int) -> None:
    """Create the folder if it is missing. If root creates it, it belongs to the owner of its parent folder."""
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return
    _inherit_owner(folder)
    folder.chmod(mode)


def open_file(path: Path, flags: int) -> int:
    """A descriptor of the file, created (0600) if missing. Never follows a link, which another user may have placed."""
    flags |= os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags)
    # Only a new file changes its owner: an existing one may be a hard link to another file.
    _inherit_owner(path)
    return descriptor


def _inherit_owner(path: Path) -> None:
    parent = path.parent.stat()
    if os.geteuid() == 0 and parent.st_uid != 0:
        os.chown(path, parent.st_uid, parent.st_gid, follow_symlinks=False)
