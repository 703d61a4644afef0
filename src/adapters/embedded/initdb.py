"""Filling a folder with a new cluster, by PostgreSQL's own programs and without a server."""

import os
import shutil
import tempfile
from pathlib import Path

from adapters.embedded.accounts import system_accounts
from adapters.embedded.binaries import copy_programs
from adapters.embedded.errors import EmbeddedUnavailable, advice
from adapters.embedded.log import reasons_in
from adapters.embedded.runner import Runner, as_account
from adapters.embedded.temporary import temporary_folders

SUPERUSER = "postgres"
DATABASE = "tintype"
# The builtin locale, because the machine's own would make the order of texts differ from one machine to the next.
_INITDB = (
    f"--username={SUPERUSER}",
    "--auth-local=trust",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)
_SHELL_READS = set('"$`\\')
"""What a shell does not take literally inside double quotes."""


def create_cluster(folder: Path, programs: Path, runner: Runner) -> None:
    """Makes the cluster in the empty `folder`, which belongs to the runner's owner from then on."""
    unlisted = os.geteuid() == 0 and not runner.owner.is_listed
    if unlisted:
        _create_as_another(folder, programs, runner)
    elif _is_plain(programs):
        _create(folder, programs, runner)
    else:
        with _scratch_folder(runner) as scratch:
            _create(folder, copy_programs(programs, Path(scratch) / "programs"), runner)


def _create_as_another(folder: Path, programs: Path, runner: Runner) -> None:
    """initdb refuses an owner whom the machine does not list, while the server does not mind: another account makes the
    cluster in a temporary folder, and the owner gets a copy."""
    maker = as_account(system_accounts()[0])
    with _scratch_folder(maker) as scratch:
        made = Path(scratch) / "data"
        made.mkdir()
        _create(made, copy_programs(programs, Path(scratch) / "programs"), maker)
        shutil.copytree(made, folder, symlinks=True, dirs_exist_ok=True)
    runner.owner.chown_all(folder)


def _is_plain(path: Path) -> bool:
    """Whether initdb can run from there: it passes its path to a shell, in double quotes, and to a server as text."""
    return str(path).isprintable() and _SHELL_READS.isdisjoint(str(path))


def _scratch_folder(runner: Runner) -> "tempfile.TemporaryDirectory[str]":
    folders = filter(_is_plain, temporary_folders(runner))
    scratch = tempfile.TemporaryDirectory(prefix="tintype-", dir=next(folders, None))
    Path(scratch.name).chmod(0o711)
    return scratch


def _create(folder: Path, programs: Path, runner: Runner) -> None:
    if os.geteuid() == 0:
        runner.owner.chown(folder)
    _run(folder, runner, programs / "initdb", *_INITDB, f"--pgdata={folder}")
    for database, statement in (("postgres", f"create database {DATABASE}"), (DATABASE, "create extension vector")):
        # Single-user mode, without a server. So the folder is complete before it gets its name.
        single = ("--single", "-j", "-D", folder, "-c", "exit_on_error=on", database)
        _run(folder, runner, programs / "postgres", *single, text=statement)


def _run(folder: Path, runner: Runner, program: Path, *arguments: str | Path, text: str = "") -> None:
    done = runner.run([program, *arguments], text)
    if done.returncode != 0:
        # The first: what follows it are its consequences.
        reason = reasons_in(done.stderr)[0] or f"{program.name} ended with status {done.returncode}"
        remedy = advice(reason, "Nothing of it was kept: set that right and start again.")
        raise EmbeddedUnavailable(f"The database in {folder.parent} could not be made: {reason}. {remedy}")
