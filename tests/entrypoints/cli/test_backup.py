"""`tintype backup` and `tintype restore`, in memory."""

from pathlib import Path

import pytest

from tests.containers import memory_container
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg
from tests.seaweedfs import BUCKET, CREDENTIALS, SeaweedFs


@pytest.fixture
def other() -> Tintype:
    """Another installation, which is empty."""
    return Tintype(memory_container())


@pytest.fixture(params=["folder", "file", "bucket"])
def destination(
    request: pytest.FixtureRequest, tmp_path: Path, tintype: Tintype, other: Tintype, monkeypatch: pytest.MonkeyPatch
) -> str:
    if request.param != "bucket":
        return str(tmp_path / {"folder": "backups", "file": "backup.tar"}[request.param])
    store: SeaweedFs = request.getfixturevalue("object_store")
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    for installation in (tintype, other):
        installation.container.config.from_dict({"s3_endpoint": store.endpoint})
    return f"s3://{BUCKET}/{tmp_path.name}/backups"


def publish(tintype: Tintype, images: Path) -> str:
    tintype.sign_up("ada")
    (images / "one.jpg").write_bytes(a_jpeg())
    return tintype.publish("ada", images / "one.jpg", "restored")


def test_backup_is_verified_and_restored(tintype: Tintype, other: Tintype, destination: str, images: Path) -> None:
    post = publish(tintype, images)

    ran = tintype("backup", destination, "--json")

    assert ran.code == 0, ran.err
    (report,) = ran.lines
    assert report["copied"] > 0
    assert report["missing"] == report["damaged"] == []
    assert "intact" in tintype("backup", "verify", destination).out
    assert other("restore", destination, "--at", report["backup"]).code == 0
    assert "restored" in other("show", post).out
    assert other("blobs", "verify").code == 0
    assert "has users" in other("restore", destination).err


def test_destination_of_another_installation_is_refused(tintype: Tintype, other: Tintype, destination: str) -> None:
    assert tintype("backup", destination).code == 0

    ran = other("backup", destination, "--json")

    assert (ran.code, ran.problem["status"], ran.problem["code"]) == (4, 409, "backup_refused")
    assert "another installation" in ran.problem["detail"]


def test_unknown_backup_is_not_found(tintype: Tintype, destination: str) -> None:
    assert tintype("backup", destination).code == 0

    ran = tintype("backup", "verify", destination, "--at", "2020-01-01T00-00-00Z")

    assert ran.code == 3
    assert "has no backup 2020-01-01T00-00-00Z; the newest are 20" in ran.err


def test_usage_errors(tintype: Tintype) -> None:
    assert tintype("backup", "--help").code == 0
    assert tintype("backup", "one", "two").code == 2
    assert tintype("backup", "verify").code == 2
    assert tintype("restore").code == 2
    assert tintype("backup", "gs://bucket/folder").code == 4


def test_truncated_tar_file_is_refused(tintype: Tintype, tmp_path: Path, images: Path) -> None:
    publish(tintype, images)
    path = tmp_path / "backup.tar"
    assert tintype("backup", path).code == 0
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    for command in (("backup", "verify"), ("restore",)):
        ran = tintype(*command, path)
        assert ran.code in {3, 4}, ran.err
        assert "internal error" not in ran.err


def test_damaged_file_in_backup_is_found(tintype: Tintype, tmp_path: Path, images: Path) -> None:
    publish(tintype, images)
    assert tintype("backup", tmp_path / "backups").code == 0
    truncated = max((path for path in (tmp_path / "backups" / "blobs").rglob("*") if path.is_file()), key=_size)
    truncated.write_bytes(truncated.read_bytes()[:-1])

    ran = tintype("backup", "verify", tmp_path / "backups")

    assert ran.code == 1
    assert f"The file {truncated.name} is damaged." in ran.out
    assert oct((tmp_path / "backups").stat().st_mode & 0o777) == "0o700"
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "backups").rglob("*") if path.is_file()} == {0}


def _size(path: Path) -> int:
    return path.stat().st_size
