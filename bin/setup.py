"""Make an environment what its lock says, and put the program into `.venv`: `make setup`; standard library only.

    python3 bin/setup.py cpu|gpu|dev|convert|transformers|tools|docs

A lock names every package with its hash, so pip resolves nothing: a release that came after the lock cannot change what
is installed. `pip check` then proves that the lock is complete.

Nothing outside the checkout is touched but pip's ordinary cache, which is left on: the two installs of a checkout and
every later one then download nothing twice. A packages' folder that was left half-made is made anew; one that is right
is left alone, in a few milliseconds. Packages that a lock no longer names stay until the folder is removed: people keep
their own tools in it.
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
"""Built with what the lock has, so that a newer build tool cannot change the result."""
WITHOUT_WHEEL = frozenset({"pyvips"})
"""Packages published as sources only. pyvips is pure Python where it finds no headers of libvips: see `_build_env`."""
FOLDERS = {
    "cpu": ".venv",
    "gpu": ".venv",
    "dev": ".venv",
    "convert": ".venv-convert",
    "transformers": ".venv-transformers",
    "tools": ".venv-tools",
    "docs": ".venv-docs",
}
"""Each lock, and the environment it is for."""
INCLUDES = {"dev": ["cpu"]}
"""Locks that hold others whole."""
RIVALS = {"cpu": ["gpu"], "dev": ["gpu"], "gpu": ["cpu", "dev"]}
"""Locks that cannot share a folder: each has its own ONNX Runtime, in the same place."""


def main(lock: str) -> None:
    environment = Environment(CHECKOUT / FOLDERS[lock])
    with _alone():
        if not environment.holds(lock):
            environment.install(lock)
        if environment.folder.name == ".venv":
            _write_launcher(environment)
            # Some machines forbid Python to write bytecode as it goes; `tintype --help` then takes thrice as long.
            compileall.compile_dir(SRC, quiet=2)


@contextmanager
def _alone() -> Iterator[None]:
    """One setup of a checkout at a time; the lock is on the folder itself, so nothing is left behind."""
    folder = os.open(REQUIREMENTS, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make setup is at work in this checkout; waiting for it.", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class Environment:
    """A folder of packages, with a stamp for each lock that it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self._unfinished = folder / ".setup-unfinished"

    def holds(self, lock: str) -> bool:
        holders = [lock, *(name for name, held in INCLUDES.items() if lock in held)]
        stamped = any(_read(self._stamp(name)) == self._fingerprint(name) for name in holders)
        return stamped and not self._unfinished.exists() and self._runs()

    def install(self, lock: str) -> None:
        rivals = [rival for rival in RIVALS.get(lock, ()) if self._stamp(rival).exists()]
        if rivals or not self._usable():
            print(f"Making {self.folder.name} with Python {_version()}.", flush=True)
            self._make()
        print(f"Installing requirements/{lock}.txt into {self.folder.name}; this may take a minute or two.", flush=True)
        wheels, sources = _split(self._lock(lock))
        # Fetches all there is to fetch: without a network, the folder stays as it was.
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
            sys.exit(
                "The packages could not be installed; pip says above why. Check the network or pip's index and retry."
            )

    def _check(self, lock: str) -> None:
        """Exits when a package of the lock lacks another one, or has a wrong version of it. What people installed
        beside the lock is theirs to mend."""
        ours = {line.split("==")[0] for line in self._lock(lock).splitlines() if "==" in line}
        check = subprocess.run([self.python, "-m", "pip", "check"], check=False, capture_output=True, text=True)
        faults = [line for line in check.stdout.splitlines() if line.split(" ")[0] in ours]
        if check.returncode and faults:
            sys.exit(
                "\n".join(faults)
                + f"\nThe packages in {self.folder.name} do not fit together. Remove {self.folder} and run make setup"
                + f" again; if that does not help, requirements/{lock}.txt is incomplete: make locks."
            )

    def _usable(self) -> bool:
        """Whether the folder that is there can be completed: whole, of this Python, and made in this very place."""
        made_here = all(_read(stamp).startswith(self._place()) for stamp in self.folder.glob(".setup-*.stamp"))
        return made_here and not self._unfinished.exists() and self._runs("-m", "pip", "--version")

    def _make(self) -> None:
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.folder.mkdir()
        self._unfinished.touch()
        try:
            # In this process, because it may itself be the Python of the folder that was just removed.
            venv.create(self.folder, symlinks=True, with_pip=True)
        except subprocess.CalledProcessError:
            sys.exit(
                "This Python cannot make virtual environments: install its venv package"
                " (on Debian and Ubuntu: apt install python3-venv), then run make setup again."
            )
        self._unfinished.unlink()

    def _runs(self, *arguments: str) -> bool:
        """Whether its Python is there, of this version, and exits 0 when called with the arguments."""
        same = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{_version()}')"
        runs = self.python.exists() and _succeeds(self.python, "-c", same)
        return runs and (not arguments or _succeeds(self.python, *arguments))

    def _stamp(self, lock: str) -> Path:
        return self.folder / f".setup-{lock}.stamp"

    def _place(self) -> str:
        return f"{self.folder} Python {_version()}\n"

    def _fingerprint(self, lock: str) -> str:
        locks = [self._lock(name).encode() for name in (lock, *INCLUDES.get(lock, ()))]
        return self._place() + hashlib.sha256(b"\0".join(locks)).hexdigest() + "\n"

    def _lock(self, lock: str) -> str:
        return (REQUIREMENTS / f"{lock}.txt").read_text()


def _split(lock: str) -> tuple[str, str]:
    """The entries of a lock that are wheels, and those that are built here."""
    entries = re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)
    sources = [entry for entry in entries if entry.split("==")[0] in WITHOUT_WHEEL]
    return "".join(entry for entry in entries if entry not in sources), "".join(sources)


def _build_env() -> dict[str, str]:
    """pkg-config finds nothing: pyvips then uses the libvips of the package pyvips-binary, never one of the machine."""
    return {**os.environ, "PKG_CONFIG_LIBDIR": os.devnull}


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _write_launcher(environment: Environment) -> None:
    text = (CHECKOUT / "bin" / "tintype.in").read_text()
    text = text.replace("@python@", shlex.quote(str(environment.python))).replace("@src@", repr(str(SRC)))
    launcher = environment.folder / "bin" / "tintype"
    if _read(launcher) == text:
        return
    beside = launcher.with_suffix(".new")
    beside.write_text(text)
    beside.chmod(0o755)
    beside.replace(launcher)


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
        sys.exit("Interrupted; the next make setup begins anew.")
