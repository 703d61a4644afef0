"""The wheel of `make build-wheel`, and environments with it."""

import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
"""The packages of the tests' environment, which contains the requirements of the wheel."""
OWN_PACKAGES = {"adapters", "container.py", "domain", "entrypoints", "__pycache__"}
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def build(source: Path, target: str, folder: Path) -> Path:
    """A `wheel` or an `sdist` of the sources, built by the installed hatchling without downloads."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (archive,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return archive


def linked_environment(folder: Path, wheel: Path, without: str | None = None) -> Path:
    """Create an environment with the wheel, and with links to the packages of the tests' environment, except those
    whose names begin with `without`. Needs no network, and a second or two."""
    python = _make_python(folder, with_pip=False)
    site_packages = next((folder / "lib").glob("python*/site-packages"))
    for entry in SITE_PACKAGES.iterdir():
        if entry.name not in OWN_PACKAGES and not (without and entry.name.startswith(without)):
            (site_packages / entry.name).symlink_to(entry)
    install = [*PIP, "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True)
    return folder


def index_environment(folder: Path, wheel: Path) -> Path:
    """Create an environment as users do: the wheel with its extra, and its requirements from the package index."""
    python = _make_python(folder, with_pip=True)
    install = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*install, f"{wheel}[cpu]"], check=True)
    return folder


def _make_python(folder: Path, *, with_pip: bool) -> Path:
    venv.create(folder, symlinks=True, with_pip=with_pip)
    return folder / "bin" / "python"
