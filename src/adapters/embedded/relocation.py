"""Moves PostgreSQL's files out of a path that it cannot enter (ADR 29)."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.paths import ClusterPaths, resolve_link
from adapters.embedded.runner import Runner

_FALLBACKS = ("/var/lib", "/srv", "/opt", "/var/tmp")  # noqa: S108  (the folder made in it has a random name)


MOVED = "data.moved"

logger = logging.getLogger("tintype.embedded")


def relocate(paths: ClusterPaths, runners: Sequence[Runner]) -> Runner:
    """Create a folder that one of the runners can enter, move the database there, and link it from the old folder.

    The link is created last, so that an interruption leaves the old folder in use.
    """
    _discard_interrupted(paths)
    runner, folder = _find_usable(paths, runners)
    pending = paths.root / "location.new"
    pending.symlink_to(folder)
    if paths.data.exists():
        shutil.copytree(paths.data, folder / "data", symlinks=True, ignore=shutil.ignore_patterns("postmaster.pid"))
        if os.geteuid() == 0:
            runner.owner.chown_all(folder / "data")
        os.sync()
    former = paths.base
    pending.rename(paths.location)
    _remove(former, paths)
    # A warning, because every command shows warnings, and it matters for backups.
    logger.warning(
        "The database is in %s, because PostgreSQL, which runs as the user %s, cannot use %s. %s is a link to it:"
        " keep both.",
        folder,
        runner.owner.name,
        former,
        paths.location,
    )
    return runner


def refuse_missing(paths: ClusterPaths) -> None:
    if not paths.base.is_dir():
        raise EmbeddedUnavailable(
            f"The database of {paths.home} is in {paths.base}, which does not exist: restore this folder, or remove the"
            f" link {paths.location} to start with an empty database."
        )


def _discard_interrupted(paths: ClusterPaths) -> None:
    pending = paths.root / "location.new"
    with suppress(FileNotFoundError):
        shutil.rmtree(resolve_link(pending), ignore_errors=True)
        pending.unlink()


def _find_usable(paths: ClusterPaths, runners: Sequence[Runner]) -> tuple[Runner, Path]:
    for runner in runners:
        for folder in _make_folders(paths):
            if runner.can_enter(folder):
                return runner, folder
            folder.rmdir()
    raise EmbeddedUnavailable(
        f"PostgreSQL has to run as the user {runners[0].owner.name}, who cannot use {paths.base}, and no other folder"
        f" ({', '.join(_FALLBACKS)}) could be prepared: run this as an ordinary user, or allow root to become that user"
        " (in a container, the capabilities SETUID and SETGID)."
    )


def _make_folders(paths: ClusterPaths) -> Iterator[Path]:
    parents = map(Path, _FALLBACKS) if os.geteuid() == 0 else iter([Path.home() / ".local/share"])
    for parent in (*parents, Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="tintype-", dir=parent.resolve()))
            folder.chmod(0o711)
            owner = paths.root.stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
            yield folder


def _remove(base: Path, paths: ClusterPaths) -> None:
    """Remove the copied files. They are renamed first: a folder called `data` might later be a restored backup."""
    moved = base / MOVED
    with suppress(FileNotFoundError):
        (base / "data").rename(moved)
    for folder in (moved, base / "run", *base.glob("bin-*")):
        shutil.rmtree(folder, ignore_errors=True)
    if base != paths.root:
        with suppress(OSError):
            base.rmdir()
