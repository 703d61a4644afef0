import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.program import Program, free_port
from tests.package.environments import REPOSITORY, build, index_environment, linked_environment
from tests.reaper import Reaper


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--from-index", action="store_true", help="Install its requirements from the package index.")


@dataclass
class InstalledProgram(Program):
    """`tintype` of an environment, without TINTYPE_HOME: the data are in the platform's default folder."""

    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home.parent / "data" / "tintype"

    @property
    def environment(self) -> dict[str, str]:
        chosen = {name: value for name, value in super().environment.items() if name != "TINTYPE_HOME"}
        folders = {"HOME": str(self.home.parent / "person"), "XDG_DATA_HOME": str(self.home.parent / "data")}
        return {**chosen, **folders, **self.settings}


@pytest.fixture(scope="session")
def open_folder(reaper: Reaper) -> Iterator[Path]:
    with reaper.folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def wheel(open_folder: Path) -> Path:
    return build(REPOSITORY, "wheel", open_folder / "dist")


@pytest.fixture(scope="session")
def environment(pytestconfig: pytest.Config, open_folder: Path, wheel: Path) -> Path:
    make = index_environment if pytestconfig.getoption("--from-index", default=False) else linked_environment
    return make(open_folder / "environment", wheel)


@pytest.fixture(scope="session")
def environment_without_runtime(open_folder: Path, wheel: Path) -> Path:
    return linked_environment(open_folder / "without-runtime", wheel, without="onnxruntime")


@pytest.fixture
def program(environment: Path, open_folder: Path) -> InstalledProgram:
    return make_program(environment, open_folder)


@pytest.fixture
def program_without_runtime(environment_without_runtime: Path, open_folder: Path) -> InstalledProgram:
    return make_program(environment_without_runtime, open_folder)


def make_program(environment: Path, open_folder: Path) -> InstalledProgram:
    """A factory; the programs run in an empty folder."""
    folder = Path(tempfile.mkdtemp(prefix="program-", dir=open_folder))
    folder.chmod(0o755)
    for name in ("empty", "person", "data"):
        (folder / name).mkdir()
    return InstalledProgram(folder / "empty", free_port(), str(environment / "bin" / "tintype"))
