"""Moving what the server has to reach out of a path that it cannot enter (ADR 29)."""

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.place import Place, target_of
from adapters.embedded.runner import Runner

_FOR_ROOT = ("/var/lib", "/srv", "/opt", "/var/tmp")  # noqa: S108  (the folder made in it has a name nobody can guess)


MOVED = "data.moved"

logger = logging.getLogger("tintype.embedded")


def relocate(place: Place, runners: Sequence[Runner]) -> Runner:
    """Makes a folder that one of the runners can enter, moves the database there and links it from the place.

    The link is made when all is complete, so that an interruption leaves the old place in force.
    """
    _discard_interrupted(place)
    runner, folder = _first_usable(place, runners)
    pending = place.root / "location.new"
    pending.symlink_to(folder)
    if place.data.exists():
        shutil.copytree(place.data, folder / "data", symlinks=True, ignore=shutil.ignore_patterns("postmaster.pid"))
        if os.geteuid() == 0:
            runner.owner.own_all(folder / "data")
        os.sync()
    left = place.base
    pending.rename(place.location)
    _remove(left, place)
    # A warning, because every command shows those, and whoever makes backups has to know.
    logger.warning(
        "The database is kept in %s, because PostgreSQL, which runs as the user %s, cannot use %s. %s is a link to it:"
        " keep both.",
        folder,
        runner.owner.name,
        left,
        place.location,
    )
    return runner


def refuse_missing(place: Place) -> None:
    if not place.base.is_dir():
        raise EmbeddedUnavailable(
            f"The database of {place.home} is kept in {place.base}, which is not there: put that folder back, or remove"
            f" the link {place.location} to begin with an empty database."
        )


def _discard_interrupted(place: Place) -> None:
    pending = place.root / "location.new"
    with suppress(FileNotFoundError):
        shutil.rmtree(target_of(pending), ignore_errors=True)
        pending.unlink()


def _first_usable(place: Place, runners: Sequence[Runner]) -> tuple[Runner, Path]:
    for runner in runners:
        for folder in _made_folders(place):
            if runner.enters(folder):
                return runner, folder
            folder.rmdir()
    raise EmbeddedUnavailable(
        f"The user {runners[0].owner.name}, as whom PostgreSQL has to run, cannot use {place.base}, and no other folder"
        f" ({', '.join(_FOR_ROOT)}) could be prepared: run this as an ordinary user, or allow root to become that user"
        " (in a container, the capabilities SETUID and SETGID)."
    )


def _made_folders(place: Place) -> Iterator[Path]:
    parents = map(Path, _FOR_ROOT) if os.geteuid() == 0 else iter([Path.home() / ".local/share"])
    for parent in (*parents, Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix="tintype-", dir=parent.resolve()))
            folder.chmod(0o711)
            owner = place.root.stat()
            os.chown(folder, owner.st_uid, owner.st_gid)
            yield folder


def _remove(base: Path, place: Place) -> None:
    """What was copied, under another name first: a folder called `data` might later be somebody's restored backup."""
    moved = base / MOVED
    with suppress(FileNotFoundError):
        (base / "data").rename(moved)
    for folder in (moved, base / "run", *base.glob("bin-*")):
        shutil.rmtree(folder, ignore_errors=True)
    if base != place.root:
        with suppress(OSError):
            base.rmdir()
