"""Point-in-time recovery as docs/operations.md describes it: base backups, a log archive, and a recovery."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.embedded.server import EmbeddedPostgres, binaries
from tests.embedded.processes import query, wait_until

pytestmark = pytest.mark.postgres


def run(program: str, *arguments: str | Path) -> None:
    ran = subprocess.run([binaries() / program, *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def base_backup(url: str, folder: Path, *options: str | Path) -> None:
    socket = parse_qs(urlsplit(url).query)["host"][0]
    run("pg_basebackup", "-h", socket, "-U", "postgres", "-D", folder, "--checkpoint=fast", *options)


def test_database_is_recovered_to_a_time_after_the_last_base_backup(new_home: Path, open_folder: Path) -> None:
    archive = open_folder / "archive"
    archive.mkdir()
    archive.chmod(0o777)
    with EmbeddedPostgres(new_home) as postgres:
        for setting, value in {
            "archive_mode": "on",
            "archive_command": f"test ! -f {archive}/%f && cp %p {archive}/%f",
            "summarize_wal": "on",
        }.items():
            query(postgres.url, f"alter system set {setting} = '{value}'")
    full, increment, combined = (open_folder / name for name in ("full", "increment", "combined"))
    with EmbeddedPostgres(new_home) as postgres:
        query(postgres.url, "create table moments (name text)")
        base_backup(postgres.url, full)
        query(postgres.url, "insert into moments values ('before the increment')")
        base_backup(postgres.url, increment, f"--incremental={full}/backup_manifest")
        query(postgres.url, "insert into moments values ('wanted')")
        moment = query(postgres.url, "select clock_timestamp()")
        query(postgres.url, "select pg_sleep(0.1)")
        query(postgres.url, "insert into moments values ('mistake')")
        query(postgres.url, "select pg_switch_wal()")

    run("pg_combinebackup", full, increment, "-o", combined)
    recovered = open_folder / "recovered"
    (recovered / "postgres").mkdir(parents=True)
    shutil.copytree(combined, recovered / "postgres" / "data")
    (recovered / "postgres" / "data").chmod(0o700)
    (recovered / "postgres" / "data" / "recovery.signal").touch()
    with (recovered / "postgres" / "data" / "postgresql.auto.conf").open("a") as settings:
        settings.write(
            f"archive_mode = 'off'\nrestore_command = 'cp {archive}/%f %p'\n"
            f"recovery_target_time = '{moment}'\nrecovery_target_action = 'promote'\n"
        )
    if os.geteuid() == 0:
        owner = (new_home / "postgres" / "data").stat()
        for path in (recovered / "postgres" / "data", *(recovered / "postgres" / "data").rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)

    with EmbeddedPostgres(recovered) as postgres:
        assert query(postgres.url, "select string_agg(name, ', ' order by name) from moments") == (
            "before the increment, wanted"
        )
        wait_until(lambda: query(postgres.url, "select pg_is_in_recovery()") == "f")
