"""Running PostgreSQL's programs: as this process's user, as another account, or in a namespace."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.embedded.accounts import Account

# Nothing of ours is handed on: PG* variables would change the server, and its user need not see our secrets.
_ENVIRONMENT = {"PATH": "/bin:/usr/bin", "LC_ALL": "C"}
_SHELL = "/bin/sh"
# Prints the position of the first folder that cannot be entered: a path could hold any byte.
_FIRST_CLOSED = 'n=0; for folder in "$@"; do cd -- "$folder" 2>/dev/null || { echo $n; exit 1; }; n=$((n+1)); done'
# The shell ends at once and leaves the program to init: nobody has it as a child, so it leaves no zombie.
_DETACH = '"$@" </dev/null >&2 & echo $!'


@dataclass(frozen=True, slots=True)
class Runner:
    owner: Account
    """Whom the server's files belong to, as seen from this process."""
    account: Account | None = None
    """Whom the process becomes before it runs anything; None: it stays who it is."""
    prefix: tuple[str | Path, ...] = ()
    """A program that prepares a namespace and then becomes the program whose command line follows."""

    def run(self, program: Sequence[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
        """Runs the program to its end, with a bare environment; `text` is its input."""
        return subprocess.run(  # noqa: S603  (PostgreSQL's own programs, no shell)
            [*self.prefix, *program],
            input=text,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )

    def detach(self, program: Sequence[str | Path], log: int, inherited: int) -> int:
        """Starts a program that outlives this process, in a session of its own, and returns its pid."""
        shell = subprocess.run(  # noqa: S603  (the shell's text is constant, what varies are its arguments)
            [_SHELL, "-c", _DETACH, "sh", *self.prefix, *program],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            check=True,
            cwd="/",
            env=_ENVIRONMENT,
            umask=0o077,
            pass_fds=[inherited],
            start_new_session=True,  # Ctrl-C in the terminal is for the owners: the last of them stops the server
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        return int(shell.stdout)

    def can_enter(self, folder: Path) -> bool:
        """Whether programs run this way can enter the folder; found out by entering it, since modes do not say all."""
        with suppress(PermissionError):
            return self._enter(folder).returncode == 0
        return False

    def first_closed_folder(self, folder: Path) -> Path | None:
        """The topmost folder on the way that cannot be entered; None when all can be, or nothing can be run."""
        with suppress(PermissionError, ValueError):
            return _path_to(folder)[int(self._enter(folder).stdout)]
        return None

    def can_run(self, program: Path) -> bool:
        """Whether the program starts, with all its libraries; found out by starting it."""
        with suppress(PermissionError):
            return self.run([program, "--version"]).returncode == 0
        return False

    def _enter(self, folder: Path) -> subprocess.CompletedProcess[str]:
        return self.run([_SHELL, "-c", _FIRST_CLOSED, "sh", *_path_to(folder)])


def _path_to(folder: Path) -> list[Path]:
    return [*reversed(folder.parents), folder]


def as_account(account: Account) -> Runner:
    return Runner(owner=account, account=account)
