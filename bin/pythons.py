"""Test all supported Python versions that are installed: `make test-pythons`. Uses the standard library only.

    python3 bin/pythons.py [arguments of pytest]

Each version gets a copy of the checkout in a temporary directory with its own .venv, and runs the setup, one photograph
through the program (serve, post, classify), and the whole suite. TINTYPE_TEST_DATA, if set, must be an absolute path.
Missing versions are reported and skipped. If only the default version is installed, that is an error, since `make test`
tests it already.
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
SMOKE_TEST = ["tests/e2e", "-k", "test_photograph_is_labelled_by_default_model_posted_liked_and_ranked"]
_USABILITY_CHECK = "import ensurepip, sys, venv; sys.exit('%d.%d' % sys.version_info[:2] != sys.argv[1])"


def main(*pytest_arguments: str) -> None:
    pythons = {version: python for version in VERSIONS if (python := _find_python(version))}
    for version in VERSIONS:
        where = pythons.get(version, "not tested: neither on PATH nor in pyenv")
        print(f"Python {version}: {where}", flush=True)
    default = "{}.{}".format(*sys.version_info[:2])
    if not pythons.keys() - {default}:
        sys.exit(f"Only Python {default} is installed. Install another version, for instance: pyenv install 3.13")
    passed = {version: _passes(version, python, pytest_arguments) for version, python in pythons.items()}
    for version, has_passed in passed.items():
        print(f"Python {version}: {'passed' if has_passed else 'FAILED'}")
    sys.exit(not all(passed.values()))


def _find_python(version: str) -> Path | None:
    """A Python of this version that can create environments. A pyenv shim may refer to a disabled version."""
    return next((python for python in _candidates(version) if python.exists() and _is_usable(python, version)), None)


def _candidates(version: str) -> Iterator[Path]:
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield Path(folder) / f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python{version}"), reverse=True)


def _is_usable(python: Path, version: str) -> bool:
    return (
        subprocess.run([python, "-I", "-c", _USABILITY_CHECK, version], check=False, capture_output=True).returncode
        == 0
    )


def _passes(version: str, python: Path, pytest_arguments: tuple[str, ...]) -> bool:
    with tempfile.TemporaryDirectory(prefix=f"tintype-{version}-") as folder:
        copy = _copy_checkout(Path(folder))
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


def _copy_checkout(folder: Path) -> Path:
    """The files that git tracks or would add."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    copy = folder / "checkout"
    for name in subprocess.run(listed, check=True, cwd=CHECKOUT, capture_output=True, text=True).stdout.split("\0"):
        if name and (CHECKOUT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, copy / name)
    return copy


if __name__ == "__main__":
    main(*sys.argv[1:])
