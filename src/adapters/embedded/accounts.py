"""Accounts of the operating system that may run the server on behalf of root."""

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
    """Whether the user database has an entry. The owner of a folder mounted into a container often has none."""

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
        """Transfer the files of the folder's owner, and the folder last: an interrupted call can be repeated."""
        former = folder.lstat().st_uid
        if former == self.uid:
            return
        for _, folders, files, descriptor in os.fwalk(folder, topdown=False):
            for name in (*folders, *files):
                status = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
                # A second hard link may be another user's attempt to obtain a file outside the folder.
                if status.st_uid == former and (stat.S_ISDIR(status.st_mode) or status.st_nlink == 1):
                    os.chown(name, self.uid, self.gid, dir_fd=descriptor, follow_symlinks=False)
        self.chown(folder)


def accounts_for(paths: ClusterPaths) -> list[Account]:
    """Accounts that may run the server on behalf of root, preferred first: the owner of the folder, or else a system
    account."""
    for folder in (paths.data, paths.root, paths.home):
        if folder.exists() and (uid := folder.stat().st_uid) != 0:
            return [Account.of(uid)]
    return system_accounts()


def system_accounts() -> list[Account]:
    accounts = [Account.of(user.pw_uid) for name in _SYSTEM if (user := _find_user(name)) and user.pw_uid != 0]
    if not accounts:
        raise EmbeddedUnavailable(
            "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as:"
            " run this as an ordinary user."
        )
    return accounts


def _find_user(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def refuse_foreign_owner(paths: ClusterPaths) -> None:
    """An ordinary user cannot open the database of another user or of root."""
    if os.geteuid() == 0:
        return
    if paths.root.exists() and (uid := paths.root.stat().st_uid) != os.geteuid():
        raise EmbeddedUnavailable(
            f"The database in {paths.root} belongs to the user {Account.of(uid).name}: run this as that user,"
            " or set TINTYPE_HOME to a folder of your own."
        )
