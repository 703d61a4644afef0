"""Runs PostgreSQL's programs: as this process's user, as another account, or in a namespace."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.embedded.accounts import Account

# Excludes the service's environment: PG* variables would change the server, and other variables hold secrets.
_ENVIRONMENT = {"PATH": "/bin:/usr/bin", "LC_ALL": "C"}
_SHELL = "/bin/sh"
# Prints the position of the first folder that cannot be entered, since a path may contain any byte.
_FIRST_CLOSED = 'n=0; for folder in "$@"; do cd -- "$folder" 2>/dev/null || { echo $n; exit 1; }; n=$((n+1)); done'
# The shell ends at once, so that init adopts the program and no zombie remains.
_DETACH = '"$@" </dev/null >&2 & echo $!'


@dataclass(frozen=True, slots=True)
class Runner:
    owner: Account
    """The owner of the server's files, as seen from this process."""
    account: Account | None = None
    """The account that runs the programs; None for this process's user."""
    prefix: tuple[str | Path, ...] = ()
    """A program that prepares a namespace and then executes the command line that follows."""

    def run(self, program: Sequence[str | Path], text: str = "") -> subprocess.CompletedProcess[str]:
        """Run the program to its end, with a minimal environment. `text` is its input."""
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
        """Start a program that outlives this process, in its own session. Returns its pid."""
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
            start_new_session=True,  # Ctrl-C in the terminal must not reach the server: its last owner stops it
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=[] if self.account else None,
        )
        return int(shell.stdout)

    def can_enter(self, folder: Path) -> bool:
        """Whether programs run this way can enter the folder. It is tried, since file modes alone do not decide
        this."""
        with suppress(PermissionError):
            return self._enter(folder).returncode == 0
        return False

    def first_closed_folder(self, folder: Path) -> Path | None:
        """The topmost folder of the path that cannot be entered. None if all can be entered, or nothing can be run."""
        with suppress(PermissionError, ValueError):
            return _path_to(folder)[int(self._enter(folder).stdout)]
        return None

    def can_run(self, program: Path) -> bool:
        """Whether the program starts with all its libraries. It is tried."""
        with suppress(PermissionError):
            return self.run([program, "--version"]).returncode == 0
        return False

    def _enter(self, folder: Path) -> subprocess.CompletedProcess[str]:
        return self.run([_SHELL, "-c", _FIRST_CLOSED, "sh", *_path_to(folder)])


def _path_to(folder: Path) -> list[Path]:
    return [*reversed(folder.parents), folder]


def as_account(account: Account) -> Runner:
    return Runner(owner=account, account=account)
