"""Backup and restore as an operator does them, while people upload."""

import json
import subprocess
import threading
import time
from pathlib import Path
from typing import Self

import pytest

from tests.e2e.api import expect, sign_up, upload
from tests.e2e.program import TIMEOUT, Program, free_port
from tests.sample_images import a_jpeg
from tintype_client import AuthenticatedClient
from tintype_client.api.posts import posts_create
from tintype_client.models import Post, PostCreate

pytestmark = pytest.mark.e2e
OK = 200


class Load:
    """Publishes posts until it is told to stop."""

    def __init__(self, client: AuthenticatedClient) -> None:
        self._client = client
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.published: list[str] = []
        self.images: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def wait_for(self, number: int) -> None:
        """Return when that many posts more are acknowledged."""
        wanted, deadline = len(self.published) + number, time.monotonic() + TIMEOUT
        while len(self.published) < wanted:
            assert self._thread.is_alive(), "the load failed"
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def _run(self) -> None:
        seed = 0
        while not self._ended.is_set():
            seed += 1
            image = upload(self._client, a_jpeg(width=64 + seed, seed=seed))
            post = expect(Post, posts_create.sync(client=self._client, body=PostCreate([str(image.id)], str(seed))))
            self.images.append(str(image.id))
            self.published.append(str(post.id))


def kill_backup_in_progress(program: Program, destination: Path) -> None:
    """Start a backup, and kill it once it writes."""
    with subprocess.Popen(
        [program.command, "backup", str(destination)],
        cwd=program.home,
        env=program.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + TIMEOUT
        while not destination.exists():
            assert process.poll() is None, "the backup ended"
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()


@pytest.mark.parametrize("name", ["backups", "backup.tar"])
def test_backup_under_load_is_complete_and_restorable(program: Program, tmp_path: Path, name: str) -> None:
    destination = tmp_path / name
    with program.serve("--no-worker") as server:
        ada = sign_up(server, "ada")
        with Load(ada) as load:
            load.wait_for(20)
            if destination.suffix != ".tar":
                kill_backup_in_progress(program, destination)
            acknowledged, images = load.published[:], load.images[:]
            ran = program.run("backup", str(destination), "--json")
            load.wait_for(3)
        assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert report["missing"] == report["damaged"] == []
    verified = program.run("backup", "verify", str(destination))
    assert verified.returncode == 0, verified.stderr

    restored = Program(tmp_path / "restored", free_port())
    restored.home.mkdir(mode=0o755)
    ran = restored.run("restore", str(destination))
    assert ran.returncode == 0, ran.stderr
    again = restored.run("restore", str(destination))
    assert (again.returncode, "has users" in again.stderr) == (4, True)
    for check in (("blobs", "verify"), ("counters", "verify")):
        assert restored.run(*check).returncode == 0, check
    with restored.serve("--no-worker") as server:
        for post in acknowledged:
            assert server.client.get(f"/v1/posts/{post}").status_code == OK
        for image in images:
            assert server.client.get(f"/v1/images/{image}/file", params={"size": "thumb"}).status_code == OK


def test_bad_destinations_are_refused_without_change(program: Program, tmp_path: Path) -> None:
    foreign, file = tmp_path / "foreign", tmp_path / "foreign.tar"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("mine")
    file.write_text("mine")

    for destination, reason in {
        str(foreign): "something else",
        str(file): "something else",
        "ftp://host/folder": "s3://BUCKET/FOLDER",
        "s3:///folder": "bucket is missing",
        "/proc/backups": "/proc",
    }.items():
        ran = program.run("backup", destination)
        assert ran.returncode in {4, 5}, (destination, ran.stdout, ran.stderr)
        assert reason in ran.stderr
        assert "internal error" not in ran.stderr
    assert [path.name for path in foreign.iterdir()] == ["thesis.txt"]
    assert file.read_text() == "mine"
    for command in (("restore",), ("backup", "verify")):
        ran = program.run(*command, str(tmp_path / "nowhere"))
        assert (ran.returncode, "no complete backup" in ran.stderr) == (3, True), ran.stderr


def test_backup_that_cannot_be_written_is_reported_and_repeated(program: Program, tmp_path: Path) -> None:
    """The limit of the size of a file stands for a full disk."""
    with program.serve("--no-worker") as server:
        upload(sign_up(server, "ada"), a_jpeg())
        limited = subprocess.run(
            ["/bin/sh", "-c", 'ulimit -f 8; exec "$@"', "sh", program.command, "backup", str(tmp_path / "backups")],
            cwd=program.home,
            env=program.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT,
        )
        assert limited.returncode == 5, limited.stderr
        assert "internal error" not in limited.stderr
        assert program.run("backup", "verify", str(tmp_path / "backups")).returncode == 3

        assert program.run("backup", str(tmp_path / "backups")).returncode == 0
        assert program.run("backup", "verify", str(tmp_path / "backups")).returncode == 0
