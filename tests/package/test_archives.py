"""The contents of the wheel and the sdist."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.package.environments import REPOSITORY, build

pytestmark = pytest.mark.e2e


def read_files(folder: Path) -> dict[str, bytes]:
    """All files of the folder except bytecode, by relative path."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def unpack(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_contains_exactly_program_data_and_migrations(wheel: Path) -> None:
    migrations = read_files(REPOSITORY / "migrations").items()
    expected = read_files(REPOSITORY / "src") | {f"adapters/postgres/scripts/{name}": data for name, data in migrations}

    held = {name: data for name, data in unpack(wheel).items() if ".dist-info/" not in name}

    assert held.keys() == expected.keys()
    assert held == expected


def test_wheel_contains_all_licences(wheel: Path) -> None:
    licences = {name.partition("/licenses/")[2] for name in unpack(wheel) if "/licenses/" in name}

    assert {
        "LICENSE",
        "src/adapters/onnx/NOTICE",
        "src/entrypoints/http/static/vendor/swagger-ui.LICENSE",
        "src/entrypoints/http/static/vendor/swagger-ui.NOTICE",
        "src/entrypoints/web/static/vendor/htmx.LICENSE",
    } <= licences


def test_sdist_builds_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build(REPOSITORY, "sdist", tmp_path / "dist")
    (tmp_path / "sources").mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", tmp_path / "sources"], check=True)  # noqa: S607
    (sources,) = (tmp_path / "sources").iterdir()

    assert not {"tests", "var", "shared"} & {path.name for path in sources.iterdir()}
    assert unpack(build(sources, "wheel", tmp_path / "dist")) == unpack(wheel)
