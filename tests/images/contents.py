"""Checks for unwanted and missing files in an image; prints a fault per line. Runs inside the image by `python -`, as
the image's user and with a read-only root file system."""

import json
import os
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path

HOME = Path(os.environ["TINTYPE_HOME"])
PACKAGES = Path(sysconfig.get_path("platlib"))
COMPILERS = ("cc", "gcc", "g++", "c++", "clang", "ld", "as", "make", "cargo", "rustc")
USER = 10001


def faults() -> Iterator[str]:
    if (os.getuid(), os.getgid()) != (USER, USER):
        yield f"runs as {os.getuid()}:{os.getgid()}, not as {USER}:{USER}"
    if find_spec("pip") or shutil.which("pip") or shutil.which("pip3"):
        yield "pip is installed"
    for compiler in filter(shutil.which, COMPILERS):
        yield f"the compiler {compiler} is installed"
    yield from tests()
    yield from runtimes()
    yield from quantization()
    yield from bill_of_materials()
    if left := sorted(path.name for path in HOME.iterdir()):
        yield f"{HOME} is not empty: {', '.join(left)}"
    if not os.access(HOME, os.W_OK):
        yield f"{HOME} cannot be written to"


def tests() -> Iterator[str]:
    """Test suites of packages, by their folders or by names that pytest collects."""
    folders = [path for name in ("tests", "_tests", "test") for path in PACKAGES.rglob(name) if path.is_dir()]
    files = [path for name in ("test_*.py*", "conftest.*py*") for path in PACKAGES.rglob(name)]
    for path in (*folders, *files):
        yield f"{path} tests a package"


def runtimes() -> Iterator[str]:
    names = sorted(name for name in installed_packages() if name.startswith("onnxruntime"))
    stamps = sorted(path.name for path in PACKAGES.parents[2].glob(".setup-*.stamp"))
    if len(names) != 1 or len(stamps) != 1:
        yield f"there is not exactly one ONNX Runtime and one stamp, but {names} and {stamps}"


def quantization() -> Iterator[str]:
    """`tintype model quantize` loads modules that classification does not."""
    sys.path.append("/app/src")
    try:
        import_module("adapters.onnx.static_quantization")
    except ImportError as missing:
        yield f"adapters.onnx.static_quantization does not load: {missing}"


def bill_of_materials() -> Iterator[str]:
    bill = json.loads(Path("/app/sbom.json").read_text(encoding="utf-8"))
    listed = {normalize_name(component["name"]) for component in bill["components"]}
    if differing := sorted(listed ^ installed_packages()):
        yield f"sbom.json and the installed packages differ: {', '.join(differing)}"
    if bill["metadata"]["component"]["name"] != "tintype":
        yield "sbom.json does not describe tintype"


def installed_packages() -> set[str]:
    return {normalize_name(distribution.name) for distribution in distributions()}


def normalize_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    print("\n".join(faults()))
