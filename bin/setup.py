"""Install the packages of a lock into an environment, and the launcher into `.venv`: `make setup`. Uses the standard
library only.

    python3 bin/setup.py cpu|gpu|dev|convert|transformers|tools|docs|kubernetes

A lock contains every package with its hash, so pip resolves nothing and newer releases cannot change the installation.
`pip check` then verifies that the lock is complete.

Only the checkout and pip's cache change; with the cache, later installations download nothing. An incomplete
environment is recreated, and a correct one is left unchanged, in a few milliseconds. Packages that are no longer in the
lock stay until the environment is deleted, since users may add their own tools.
"""

import compileall
import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

CHECKOUT = Path(__file__).resolve().parent.parent
REQUIREMENTS = CHECKOUT / "requirements"
SRC = CHECKOUT / "src"

PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
FROM_LOCK = ["--compile", "--no-deps", "--require-hashes"]
WHEELS = ["--only-binary=:all:"]
SOURCES = ["--no-build-isolation", "--no-binary=:all:"]
"""Built with the locked tools, so that a newer build tool cannot change the result."""
WITHOUT_WHEEL = frozenset({"pyvips"})
"""Packages published as sources only. pyvips is pure Python without the headers of libvips: see `_build_env`."""
FOLDERS = {
    "cpu": ".venv",
    "gpu": ".venv",
    "dev": ".venv",
    "convert": ".venv-convert",
    "transformers": ".venv-transformers",
    "tools": ".venv-tools",
    "docs": ".venv-docs",
    "kubernetes": ".venv-kubernetes",
}
"""The environment of each lock."""
INCLUDES = {"dev": ["cpu"]}
"""Locks that include others completely."""
CONFLICTS = {"cpu": ["gpu"], "dev": ["gpu"], "gpu": ["cpu", "dev"]}
"""Locks that cannot share an environment: both contain ONNX Runtime."""


def main(lock: str) -> None:
    environment = Environment(CHECKOUT / FOLDERS[lock])
    with _lock_checkout():
        if not environment.holds(lock):
            environment.install(lock)
        if environment.folder.name == ".venv":
            _write_launcher(environment)
            # With PYTHONDONTWRITEBYTECODE, `tintype --help` would otherwise take three times as long.
            compileall.compile_dir(SRC, quiet=2)


@contextmanager
def _lock_checkout() -> Iterator[None]:
    """One setup per checkout at a time. The lock is on the folder itself, so no lock file remains."""
    folder = os.open(REQUIREMENTS, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make setup is running in this checkout; waiting for it.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class Environment:
    """A folder of packages, with a stamp for each installed lock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self._unfinished = folder / ".setup-unfinished"

    def holds(self, lock: str) -> bool:
        locks = [lock, *(name for name, included in INCLUDES.items() if lock in included)]
        is_stamped = any(_read(self._stamp(name)) == self._fingerprint(name) for name in locks)
        return is_stamped and not self._unfinished.exists() and self._runs()

    def install(self, lock: str) -> None:
        conflicts = [other for other in CONFLICTS.get(lock, ()) if self._stamp(other).exists()]
        if conflicts or not self._usable():
            print(f"Creating {self.folder.name} with Python {_version()}.", flush=True)
            self._create()
        print(f"Installing requirements/{lock}.txt into {self.folder.name}; this may take a minute or two.", flush=True)
        wheels, sources = _split(self._lock(lock))
        # Downloads all packages first: without a network, the folder stays unchanged.
        self._pip(wheels, "--dry-run", *WHEELS)
        self._unfinished.touch()
        self._pip(wheels, *WHEELS)
        if sources:
            self._pip(sources, *SOURCES)
        self._check(lock)
        self._stamp(lock).write_text(self._fingerprint(lock))
        self._unfinished.unlink()

    def _pip(self, requirements: str, *options: str) -> None:
        with NamedTemporaryFile("w", suffix=".txt") as file:
            file.write(requirements)
            file.flush()
            command: list[str | Path] = [self.python, *PIP_INSTALL, *options, *FROM_LOCK, "--requirement", file.name]
            failed = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, env=_build_env()).returncode
        if failed:
            sys.exit("The packages could not be installed; see pip's message above. Check the network and retry.")

    def _check(self, lock: str) -> None:
        """Exit if a package of the lock has missing or incompatible dependencies. Other packages are the user's
        responsibility."""
        ours = {line.split("==")[0] for line in self._lock(lock).splitlines() if "==" in line}
        check = subprocess.run([self.python, "-m", "pip", "check"], check=False, capture_output=True, text=True)
        faults = [line for line in check.stdout.splitlines() if line.split(" ")[0] in ours]
        if check.returncode and faults:
            sys.exit(
                "\n".join(faults)
                + f"\nThe packages in {self.folder.name} are incompatible. Remove {self.folder} and run make setup"
                + f" again; if that does not help, requirements/{lock}.txt is incomplete: make locks."
            )

    def _usable(self) -> bool:
        """Whether the existing folder can be completed: it is intact, of this Python version, and created at this
        path."""
        is_local = all(_read(stamp).startswith(self._location()) for stamp in self.folder.glob(".setup-*.stamp"))
        return is_local and not self._unfinished.exists() and self._runs("-m", "pip", "--version")

    def _create(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._unfinished.touch()
        try:
            # In this process, since its executable may be in the folder just removed.
            venv.create(self.folder, symlinks=True, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit(
                "This Python cannot create virtual environments: install its venv package"
                " (on Debian and Ubuntu: apt install python3-venv), then run make setup again."
            )
        self._unfinished.unlink()

    def _runs(self, *arguments: str) -> bool:
        """Whether the environment's Python exists, has this version, and exits with 0 for the arguments."""
        same = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{_version()}')"
        runs = self.python.exists() and _succeeds(self.python, "-c", same)
        return runs and (not arguments or _succeeds(self.python, *arguments))

    def _stamp(self, lock: str) -> Path:
        return self.folder / f".setup-{lock}.stamp"

    def _location(self) -> str:
        return f"{self.folder} Python {_version()}\n"

    def _fingerprint(self, lock: str) -> str:
        locks = [self._lock(name).encode() for name in (lock, *INCLUDES.get(lock, ()))]
        return self._location() + hashlib.sha256(b"\0".join(locks)).hexdigest() + "\n"

    def _lock(self, lock: str) -> str:
        return (REQUIREMENTS / f"{lock}.txt").read_text()


def _split(lock: str) -> tuple[str, str]:
    """The entries of a lock that are installed as wheels, and those built from source."""
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    sources = [entry for entry in entries if entry.split("==")[0] in WITHOUT_WHEEL]
    return "".join(entry for entry in entries if entry not in sources), "".join(sources)


def _build_env() -> dict[str, str]:
    """Without pkg-config's files, pyvips uses the libvips of the package pyvips-binary instead of the system's."""
    return {**os.environ, "PKG_CONFIG_LIBDIR": os.devnull}


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _write_launcher(environment: Environment) -> None:
    text = (CHECKOUT / "bin" / "tintype.in").read_text()
    text = text.replace("@python@", shlex.quote(str(environment.python))).replace("@src@", repr(str(SRC)))
    launcher = environment.folder / "bin" / "tintype"
    if _read(launcher) == text:
        return
    temporary = launcher.with_suffix(".new")
    temporary.write_text(text)
    temporary.chmod(0o755)
    temporary.replace(launcher)


def _version() -> str:
    return "{}.{}".format(*sys.version_info[:2])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next make setup starts again.")
