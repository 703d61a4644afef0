"""The accounts of the operating system, and which of them may run the server for root."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.paths import ClusterPaths

_SYSTEM = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int
    name: str
    is_listed: bool = True
    """Whether the machine has an entry for it. The owner of a folder that a container mounts often has none."""

    @classmethod
    def of(cls, uid: int) -> Self:
        try:
            user = pwd.getpwuid(uid)
        except KeyError:
            return cls(uid, uid, f"number {uid}", is_listed=False)
        return cls(uid, user.pw_gid, user.pw_name)

    def chown(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def chown_all(self, folder: Path) -> None:
        """Takes over what the folder's owner has in it, and the folder last: an interrupted call is repeated."""
        former = folder.lstat().st_uid
        if former == self.uid:
            return
        for _, folders, files, descriptor in os.fwalk(folder, topdown=False):
            for name in (*folders, *files):
                found = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                # A second name of a file may be a stranger's attempt to get a file that lies elsewhere.
                if found.st_uid == former and (stat.S_ISDIR(found.st_mode) or found.st_nlink == 1):
                    os.chown(name, self.uid, self.gid, dir_fd=descriptor, follow_symlinks=False)
        self.chown(folder)


def accounts_for(paths: ClusterPaths) -> list[Account]:
    """Who may run the server for root, the preferred first: the owner of the place, else an account of the system."""
    for folder in (paths.data, paths.root, paths.home):
        if folder.exists() and (uid := folder.stat().st_uid) != 0:
            return [Account.of(uid)]
    return system_accounts()


def system_accounts() -> list[Account]:
    found = [Account.of(user.pw_uid) for name in _SYSTEM if (user := _find_user(name)) and user.pw_uid != 0]
    if not found:
        raise EmbeddedUnavailable(
            "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as:"
            " run this as an ordinary user."
        )
    return found


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def refuse_foreign_owner(paths: ClusterPaths) -> None:
    """An ordinary user cannot open what another one, or root, has made."""
    if os.geteuid() == 0:
        return
    if paths.root.exists() and (uid := paths.root.stat().st_uid) != os.geteuid():
        raise EmbeddedUnavailable(
            f"The database in {paths.root} belongs to the user {Account.of(uid).name}: run this as that user,"
            " or set TINTYPE_HOME to a folder of your own."
        )
