"""Creates a new cluster with PostgreSQL's own programs, without a server."""

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
# The builtin locale sorts texts in the same order on every machine.
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
"""Characters that a shell interprets inside double quotes."""


def create_cluster(folder: Path, programs: Path, runner: Runner) -> None:
    """Create the cluster in the empty `folder`, which then belongs to the runner's owner."""
    unlisted = os.geteuid() == 0 and not runner.owner.is_listed
    if unlisted:
        _create_as_another(folder, programs, runner)
    elif _is_quotable(programs):
        _create(folder, programs, runner)
    else:
        with _scratch_folder(runner) as scratch:
            _create(folder, copy_programs(programs, Path(scratch) / "programs"), runner)


def _create_as_another(folder: Path, programs: Path, runner: Runner) -> None:
    """initdb needs an owner with an entry in the user database, the server does not. So another account creates the
    cluster in a temporary folder, and the owner gets a copy."""
    maker = as_account(system_accounts()[0])
    with _scratch_folder(maker) as scratch:
        source = Path(scratch) / "data"
        source.mkdir()
        _create(source, copy_programs(programs, Path(scratch) / "programs"), maker)
        shutil.copytree(source, folder, symlinks=True, dirs_exist_ok=True)
    runner.owner.chown_all(folder)


def _is_quotable(path: Path) -> bool:
    """Whether initdb works from this path: it passes it to a shell in double quotes, and to the server as text."""
    return str(path).isprintable() and _SHELL_READS.isdisjoint(str(path))


def _scratch_folder(runner: Runner) -> "tempfile.TemporaryDirectory[str]":
    folders = filter(_is_quotable, temporary_folders(runner))
    scratch = tempfile.TemporaryDirectory(prefix="tintype-", dir=next(folders, None))
    Path(scratch.name).chmod(0o711)
    return scratch


def _create(folder: Path, programs: Path, runner: Runner) -> None:
    if os.geteuid() == 0:
        runner.owner.chown(folder)
    _run(folder, runner, programs / "initdb", *_INITDB, f"--pgdata={folder}")
    for database, statement in (("postgres", f"create database {DATABASE}"), (DATABASE, "create extension vector")):
        # Single-user mode needs no server, so the folder is complete before it is renamed.
        single = ("--single", "-j", "-D", folder, "-c", "exit_on_error=on", database)
        _run(folder, runner, programs / "postgres", *single, text=statement)


def _run(folder: Path, runner: Runner, program: Path, *arguments: str | Path, text: str = "") -> None:
    result = runner.run([program, *arguments], text)
    if result.returncode != 0:
        # The first message: the others follow from it.
        reason = reasons_in(result.stderr)[0] or f"{program.name} ended with status {result.returncode}"
        remedy = advice(reason, "Nothing was stored: solve the problem and start again.")
        raise EmbeddedUnavailable(f"The database in {folder.parent} could not be created: {reason}. {remedy}")
