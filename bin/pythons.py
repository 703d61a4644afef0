"""Test every Python that Tintype supports and that is on this machine: `make test-pythons`; standard library only.

    python3 bin/pythons.py [arguments of pytest]

Each gets a copy of the checkout in a temporary directory, so that its .venv replaces no other. There: setup, one
photograph through the program (serve, post, classify), and the whole suite. A Python that is missing is named and left
out; with none beside the default one, there is nothing that `make test` would not do, and that is an error.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VERSIONS = ("3.11", "3.12", "3.13")
SMOKE_TEST = ["tests/e2e", "-k", "test_a_photograph_is_labelled_without_any_model_at_hand_posted_liked_and_ranked"]
_SUITS = "import ensurepip, sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"


def main(*pytest_arguments: str) -> None:
    pythons = {version: python for version in VERSIONS if (python := _found(version))}
    for version in VERSIONS:
        where = pythons.get(version, "missing: neither on PATH nor under pyenv, so it is not tested")
        print(f"Python {version}: {where}", flush=True)
    default = "{}.{}".format(*sys.version_info[:2])
    if not pythons.keys() - {default}:
        sys.exit(f"No Python but {default} is here. Install another, for instance: pyenv install 3.13")
    passed = {version: _passes(version, python, pytest_arguments) for version, python in pythons.items()}
    for version, well in passed.items():
        print(f"Python {version}: {'passed' if well else 'FAILED'}")
    sys.exit(not all(passed.values()))


def _found(version: str) -> Path | None:
    """A Python of that version that can make environments; a shim of pyenv may stand for one that is switched off."""
    return next((python for python in _candidates(version) if python.exists() and _suits(python, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield Path(folder) / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)


def _suits(python: Path, version: str) -> bool:
    return subprocess.run([python, "-I", "-c", _SUITS, version], check=False, capture_output=True).returncode == 0


def _passes(version: str, python: Path, pytest_arguments: tuple[str, ...]) -> bool:
    with tempfile.TemporaryDirectory(prefix=f"tintype-{version}-") as folder:
        copy = _copied(Path(folder))
        make = ["make", "-s", f"PYTHON={python}"]
        steps: list[list[str]] = [
            [*make, "setup-dev"],
            [".venv/bin/python", "-m", "pytest", "-q", *SMOKE_TEST],
            [*make, "test", f"PYTEST_ARGS={shlex.join(pytest_arguments)}"],
        ]
        for step in steps:
            print(f"Python {version}: {shlex.join(step)}", flush=True)
            if subprocess.run(step, check=False, cwd=copy).returncode:
                return False
        return True


def _copied(folder: Path) -> Path:
    """What git knows of or would add, with the data that lies beside the checkout within reach."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    copy = folder / "checkout"
    for name in subprocess.run(listed, check=True, cwd=CHECKOUT, capture_output=True, text=True).stdout.split("\0"):
        if name and (CHECKOUT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, copy / name)
    (folder / "shared").symlink_to(CHECKOUT.parent / "shared")
    return copy


if __name__ == "__main__":
    main(*sys.argv[1:])
