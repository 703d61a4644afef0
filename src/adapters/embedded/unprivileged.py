"""PostgreSQL refuses to run as root: then it runs as an existing ordinary user, and nothing outside home changes."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.place import Place

# Nothing of ours is handed on: PG* variables would change the server, and its user need not see our secrets.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C"}
_FIRST_CLOSED = 'for folder in "$@"; do cd -- "$folder" 2>/dev/null || { printf %s "$folder"; exit 1; }; done'


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int
    name: str

    @classmethod
    def of(cls, uid: int) -> Self:
        try:
            user = pwd.getpwuid(uid)
        except KeyError:
            return cls(uid, uid, f"number {uid}")
        return cls(uid, user.pw_gid, user.pw_name)

    def can_run(self, program: Path) -> bool:
        """Whether the program starts for this user, with all its libraries: found out by starting it."""
        try:
            return run([program, "--version"], self).returncode == 0
        except PermissionError:
            return False

    def own(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid, follow_symlinks=False)


def run(program: Sequence[str | Path], account: Account | None, text: str = "") -> subprocess.CompletedProcess[str]:
    """Runs the program to its end, as `account` where one is given, with a bare environment; `text` is its input."""
    return subprocess.run(  # noqa: S603  (PostgreSQL's own programs, no shell)
        program,
        input=text,
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        cwd="/",
        env=ENVIRONMENT,
        umask=0o077,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def account_for(place: Place) -> Account | None:
    """Whom the server runs as; None means as we are. For root: who owns the place, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return None
    for folder in (place.data, place.root, place.home):
        if folder.exists() and (uid := folder.stat().st_uid) != 0:
            return Account.of(uid)
    for name in ("postgres", "nobody"):
        try:
            return Account.of(pwd.getpwnam(name).pw_uid)
        except KeyError:
            continue
    raise EmbeddedUnavailable(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as:"
        " run this as an ordinary user."
    )


def refuse_closed_parents(account: Account, place: Place) -> None:
    """Says which folder on the way keeps the account out: opening it is for its owner to decide."""
    way = [*reversed(place.root.parents), place.root]
    try:
        closed = run(["/bin/sh", "-c", _FIRST_CLOSED, "sh", *way], account).stdout
    except PermissionError as error:
        raise EmbeddedUnavailable(
            f"PostgreSQL does not run as root, and this root may not become the user {account.name}: run this as an"
            " ordinary user, or allow it (in a container, the capabilities SETUID and SETGID)."
        ) from error
    if closed:
        raise EmbeddedUnavailable(
            f"Running as root, the database runs as the user {account.name}, who may not enter {closed}:"
            f" set TINTYPE_HOME to a folder that {account.name} can reach, or run this as an ordinary user."
        )


def refuse_another_users(place: Place) -> None:
    """An ordinary user cannot open what another one, or root, has made."""
    if os.geteuid() == 0:
        return
    if place.root.exists() and (uid := place.root.stat().st_uid) != os.geteuid():
        raise EmbeddedUnavailable(
            f"The database in {place.root} belongs to the user {Account.of(uid).name}: run this as that user,"
            " or set TINTYPE_HOME to a folder of your own."
        )
