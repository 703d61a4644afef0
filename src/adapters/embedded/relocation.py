"""Moving what the server has to reach out of a path that it cannot enter (ADR 29)."""

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

_FALLBACKS = ("/var/lib", "/srv", "/opt", "/var/tmp")  # noqa: S108  (the folder made in it has a name nobody can guess)


MOVED = "data.moved"

logger = logging.getLogger("tintype.embedded")


def relocate(paths: ClusterPaths, runners: Sequence[Runner]) -> Runner:
    """Makes a folder that one of the runners can enter, moves the database there and links it from the place.

    The link is made when all is complete, so that an interruption leaves the old place in force.
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
    left = paths.base
    pending.rename(paths.location)
    _remove(left, paths)
    # A warning, because every command shows those, and whoever makes backups has to know.
    logger.warning(
        "The database is kept in %s, because PostgreSQL, which runs as the user %s, cannot use %s. %s is a link to it:"
        " keep both.",
        folder,
        runner.owner.name,
        left,
        paths.location,
    )
    return runner


def refuse_missing(paths: ClusterPaths) -> None:
    if not paths.base.is_dir():
        raise EmbeddedUnavailable(
            f"The database of {paths.home} is kept in {paths.base}, which is not there: put that folder back, or remove"
            f" the link {paths.location} to begin with an empty database."
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
        f"The user {runners[0].owner.name}, as whom PostgreSQL has to run, cannot use {paths.base}, and no other folder"
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
    """What was copied, under another name first: a folder called `data` might later be somebody's restored backup."""
    moved = base / MOVED
    with suppress(FileNotFoundError):
        (base / "data").rename(moved)
    for folder in (moved, base / "run", *base.glob("bin-*")):
        shutil.rmtree(folder, ignore_errors=True)
    if base != paths.root:
        with suppress(OSError):
            base.rmdir()
