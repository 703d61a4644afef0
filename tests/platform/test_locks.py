"""The lock determines what `make setup` installs, whatever the package index offers."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.platform.package_index import PackageIndex, make_lock

pytestmark = pytest.mark.e2e

_CHECKOUT = Path(__file__).resolve().parents[2]
_CLOSURE = Path(__file__).with_name("closure.py")
ENVIRONMENTS = {
    "dev": ".venv",
    "gpu": ".venv",
    "convert": ".venv-convert",
    "transformers": ".venv-transformers",
    "tools": ".venv-tools",
    "docs": ".venv-docs",
    "kubernetes": ".venv-kubernetes",
}
_INSTALLED = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"


@dataclass
class Checkout:
    folder: Path
    index: PackageIndex

    def write_lock(self, *wheels: Path) -> None:
        self.write_lock_text(make_lock(*wheels))

    def write_lock_text(self, text: str) -> None:
        (self.folder / "requirements" / "cpu.txt").write_text(text)

    def set_up(self) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-I", str(self.folder / "bin" / "setup.py"), "cpu")

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(str(self.folder / ".venv" / "bin" / "python"), *arguments)

    def list_installed(self) -> dict[str, str]:
        found = json.loads(self.python("-I", "-c", _INSTALLED).stdout)
        return {name: version for name, version in found.items() if name.startswith("sample")}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        environment |= self.index.environment
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Shared by the tests, since creating an environment takes seconds."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(_CHECKOUT / "bin", folder / "bin")
    for name in ("requirements", "src"):
        (folder / name).mkdir()
    (folder / "requirements" / "dev.txt").touch()
    return folder


@pytest.fixture
def checkout(folder: Path, tmp_path: Path) -> Checkout:
    return Checkout(folder, PackageIndex(tmp_path))


def test_release_after_lock_is_not_installed(checkout: Checkout) -> None:
    """Includes the base of an extra, which pip resolves even if the lock pins it."""
    index = checkout.index
    plain = index.publish("sample_plain", "1.0", "sample_base>=1")
    plugin = index.publish("sample_plugin", "1.0", "sample_base[text]>=1", "sample_plain")
    base = index.publish("sample_base", "1.0", "sample_text", extra="text")
    text = index.publish("sample_text", "1.0")
    checkout.write_lock(plain, plugin, base, text)
    for name in ("sample_plain", "sample_plugin", "sample_base", "sample_text"):
        index.publish(name, "2.0")

    done = checkout.set_up()

    assert done.returncode == 0, done.stderr
    assert checkout.list_installed() == dict.fromkeys(
        ("sample_plain", "sample_plugin", "sample_base", "sample_text"), "1.0"
    )


def test_file_with_other_hash_is_refused(checkout: Checkout) -> None:
    before = checkout.index.publish("sample_plain", "3.0")
    checkout.write_lock(before)
    assert checkout.set_up().returncode == 0
    changed = make_lock(checkout.index.publish("sample_plain", "4.0"))
    checkout.index.publish("sample_plain", "4.0", "sample_more")  # the same name with other bytes
    checkout.write_lock_text(changed)

    done = checkout.set_up()

    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert "The packages could not be installed" in done.stderr
    assert checkout.list_installed()["sample_plain"] == "3.0"


def test_other_installed_packages_are_not_checked(checkout: Checkout) -> None:
    checkout.write_lock(checkout.index.publish("sample_plain", "5.0"))
    assert checkout.set_up().returncode == 0
    theirs = checkout.index.publish("sample_theirs", "1.0", "sample_plain<5", "sample_absent")
    assert checkout.python("-m", "pip", "install", "--no-deps", str(theirs)).returncode == 0
    checkout.write_lock(checkout.index.publish("sample_plain", "6.0"))

    done = checkout.set_up()

    assert done.returncode == 0, done.stderr
    assert (checkout.list_installed()["sample_plain"], checkout.list_installed()["sample_theirs"]) == ("6.0", "1.0")


def test_incomplete_lock_is_refused_with_faults(checkout: Checkout) -> None:
    lacking = checkout.index.publish("sample_lacking", "1.0", "sample-absent")
    unfitting = checkout.index.publish("sample_unfitting", "1.0", "sample-old>=2")
    checkout.write_lock(lacking, unfitting, checkout.index.publish("sample_old", "1.0"))

    for _ in range(2):  # it does not pass by being tried again
        done = checkout.set_up()

        assert done.returncode == 1
        assert "sample-lacking 1.0 requires sample-absent, which is not installed." in done.stderr
        assert "sample-unfitting 1.0 has requirement sample-old>=2, but you have sample-old 1.0." in done.stderr
        assert "requirements/cpu.txt is incomplete: make locks" in done.stderr


@pytest.mark.parametrize(("lock", "environment"), ENVIRONMENTS.items())
def test_lock_contains_all_requirements(lock: str, environment: str) -> None:
    """Including extras, which `pip check` ignores."""
    python = _CHECKOUT / environment / "bin" / "python"
    stamp, locked = _CHECKOUT / environment / f".setup-{lock}.stamp", _CHECKOUT / "requirements" / f"{lock}.txt"
    if not stamp.exists() or stamp.stat().st_mtime < locked.stat().st_mtime:
        pytest.skip(f"{environment} was not made from the present requirements/{lock}.txt")

    found = subprocess.run([python, "-I", _CLOSURE, lock], check=True, capture_output=True, text=True).stdout

    assert found.splitlines()[:-1] == []
    assert int(found.splitlines()[-1]) > 20, "packages were looked at"
