"""Make `.venv` what a lock says, and put the program into it. The work of `make setup`; standard library only.

    python3 bin/setup.py cpu|dev

Nothing outside the checkout is touched but pip's ordinary cache, which is left on: the two installs of a checkout and
every later one then download nothing twice. A packages' folder that was left half-made is made anew; one that is right
is left alone, in a few milliseconds. Packages that a lock no longer names stay until `.venv` is removed: people keep
their own tools in it.
"""

import compileall
import fcntl
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
REQUIREMENTS = CHECKOUT / "requirements"
SRC = CHECKOUT / "src"
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LAUNCHER = VENV / "bin" / "tintype"
UNFINISHED = VENV / ".setup-unfinished"

PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
FROM_LOCK = ["--compile", "--only-binary=:all:", "--require-hashes", "--requirement"]
INCLUDES = {"cpu": ["cpu"], "dev": ["dev", "cpu"]}
"""Each lock, and those it holds whole."""


def main(lock: str) -> None:
    with _alone():
        if not _installed(lock):
            _install(lock)
        _write_launcher()
        # Some machines forbid Python to write bytecode as it goes; without it `tintype --help` takes thrice as long.
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


def _installed(lock: str) -> bool:
    holders = [name for name, held in INCLUDES.items() if lock in held]
    return not UNFINISHED.exists() and any(_read(_stamp(name)) == _fingerprint(name) for name in holders) and _runs()


def _install(lock: str) -> None:
    if not _usable():
        print(f"Making .venv with Python {_version()}.", flush=True)
        _make_venv()
    print(f"Installing requirements/{lock}.txt into .venv; this may take a minute or two.", flush=True)
    _pip(lock, "--dry-run")  # fetches all there is to fetch: without a network, `.venv` stays as it was
    UNFINISHED.touch()
    _pip(lock)
    _stamp(lock).write_text(_fingerprint(lock))
    UNFINISHED.unlink()


def _pip(lock: str, *options: str) -> None:
    command: list[str | Path] = [PYTHON, *PIP_INSTALL, *options, *FROM_LOCK, REQUIREMENTS / f"{lock}.txt"]
    if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
        sys.exit("The packages could not be installed; pip says above why. Check the network or pip's index and retry.")


def _usable() -> bool:
    """Whether the `.venv` that is there can be completed: whole, of this Python, and made in this very place."""
    made_here = all(_read(stamp).startswith(_place()) for stamp in VENV.glob(".setup-*.stamp"))
    return made_here and not UNFINISHED.exists() and _runs("-m", "pip", "--version")


def _make_venv() -> None:
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    try:
        # In this process, because it may itself be the Python of the `.venv` that was just removed.
        venv.create(VENV, symlinks=True, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit(
            "This Python cannot make virtual environments: install its venv package"
            " (on Debian and Ubuntu: apt install python3-venv), then run make setup again."
        )
    UNFINISHED.unlink()


def _runs(*arguments: str) -> bool:
    """Whether the Python of `.venv` is there, of this version, and exits 0 when called with the arguments."""
    same = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{_version()}')"
    return PYTHON.exists() and _succeeds(PYTHON, "-c", same) and (not arguments or _succeeds(PYTHON, *arguments))


def _succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _write_launcher() -> None:
    text = (CHECKOUT / "bin" / "tintype.in").read_text()
    text = text.replace("@python@", shlex.quote(str(PYTHON))).replace("@src@", repr(str(SRC)))
    if _read(LAUNCHER) == text:
        return
    beside = LAUNCHER.with_suffix(".new")
    beside.write_text(text)
    beside.chmod(0o755)
    beside.replace(LAUNCHER)


def _stamp(lock: str) -> Path:
    return VENV / f".setup-{lock}.stamp"


def _place() -> str:
    return f"{VENV} Python {_version()}\n"


def _fingerprint(lock: str) -> str:
    locks = [(REQUIREMENTS / f"{name}.txt").read_bytes() for name in INCLUDES[lock]]
    return _place() + hashlib.sha256(b"\0".join(locks)).hexdigest() + "\n"


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
