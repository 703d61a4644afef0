"""The release before and this one serve side by side on one database, while it is migrated under load."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import Databases, server
from tests.e2e.program import TINTYPE, Program, free_port
from tests.upgrade.releases import previous_tag, unpack
from tests.upgrade.users import Load

pytestmark = pytest.mark.upgrade

SECONDS = 8.0
"""How long both releases serve in each phase."""


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    with server(tmp_path / "database") as url:
        yield Databases(url).create_empty()


@pytest.fixture
def programs(tmp_path: Path, database_url: str) -> tuple[Program, Program]:
    """The release before and this one, with the same data."""
    settings = {"TINTYPE_DATABASE_URL": database_url}
    old = tmp_path / "old"
    home = tmp_path / "home"
    for folder in (old, home):
        folder.mkdir()
    before = Program(home, free_port(), str(unpack(previous_tag(), old)), settings)
    return before, Program(home, free_port(), TINTYPE, settings)


def test_both_releases_serve_one_database_without_failed_requests(programs: tuple[Program, Program]) -> None:
    before, after = programs
    upgraded = before.run("db", "upgrade")
    assert upgraded.returncode == 0, upgraded.stderr

    with before.serve("--no-worker") as old:
        old_address = str(old.client.base_url).rstrip("/")
        with Load([old_address]) as load:
            time.sleep(SECONDS)
            migrated = after.run("db", "upgrade")
            assert migrated.returncode == 0, migrated.stderr
            assert old.client.get("/readyz").status_code == httpx.codes.OK, "the old release stays ready"
            with after.serve("--no-worker") as new:
                new_address = str(new.client.base_url).rstrip("/")
                load.add_address(new_address)
                time.sleep(SECONDS)
                load.remove_address(old_address)
                time.sleep(1)
                old.stop()
                with before.serve("--no-worker"):  # a rollback
                    load.add_address(old_address)
                    time.sleep(SECONDS)
                    load.remove_address(old_address)
                    time.sleep(1)
                load.stop()
                lost = [one for one in load.posts if new.client.get(f"/v1/posts/{one}").is_error]

    verified = after.run("counters", "verify")
    assert load.failures == []
    assert set(load.answers) == {old_address, new_address}
    assert lost == []
    assert verified.returncode == 0, verified.stdout
