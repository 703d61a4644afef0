"""Files of other projects are in folders named `vendor`: unchanged, with licence and origin."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = ("docs/vendor", "src/entrypoints/http/static/vendor", "src/entrypoints/web/static/vendor")
LARGEST_OWN_FILE = 500_000
"""Bytes: the OpenAPI document."""


def files_under(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.suffix in {".js", ".css"}}


@pytest.mark.parametrize("name", FOLDERS)
def test_files_have_digest_of_their_package(name: str) -> None:
    folder = REPOSITORY / name
    sums = dict(line.split("  ")[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())

    assert sums == {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files_under(folder)}


@pytest.mark.parametrize("name", FOLDERS)
def test_packages_have_version_and_licence(name: str) -> None:
    folder = REPOSITORY / name
    readme = (folder / "README.md").read_text()

    assert all(Path(file).name in readme for file in files_under(folder))
    assert any("LICENSE" in path.name for path in folder.rglob("*"))


def test_no_other_large_file_is_tracked() -> None:
    if not shutil.which("git") or not (REPOSITORY / ".git").exists():
        pytest.skip("needs git and a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)  # noqa: S607
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name and "/vendor/" not in name]

    assert [path for path in paths if path.is_file() and path.stat().st_size > LARGEST_OWN_FILE] == []
