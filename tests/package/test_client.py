"""The Python client is a package of its own, with its types and its licence."""

import zipfile
from pathlib import Path

import pytest

from tests.package.environments import REPOSITORY, build

pytestmark = pytest.mark.e2e


def test_client_wheel_contains_types_and_licence_only(tmp_path: Path) -> None:
    wheel = build(REPOSITORY / "clients" / "python", "wheel", tmp_path)
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    assert {"tintype_client/py.typed", "tintype_client/api/posts/posts_list.py"} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"tintype_client"}
