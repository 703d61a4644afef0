"""The program as a process: settings from the environment, exit codes, pipes and ports."""

import json
import os
import pty
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.models import tiny_model
from tests.sample_images import a_jpeg

SRC = Path(__file__).resolve().parents[3] / "src"
TIMEOUT = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def environment(home: Path, **settings: object) -> dict[str, str]:
    foreign = {name: value for name, value in os.environ.items() if not name.startswith("TINTYPE_")}
    chosen = {f"TINTYPE_{name.upper()}": str(value) for name, value in settings.items()}
    return {**foreign, "PYTHONPATH": str(SRC), "TINTYPE_HOME": str(home), **chosen}


def run_tintype(home: Path, *arguments: object, **settings: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "entrypoints.cli", *map(str, arguments)],
        cwd=home,
        env=environment(home, **settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def test_image_is_classified_without_database(home: Path, tmp_path: Path) -> None:
    assert run_tintype(home, "classify", tmp_path).returncode == 4
    image = tmp_path / "red.jpg"
    image.write_bytes(a_jpeg(colour=(255, 0, 0)))
    missing = run_tintype(home, "classify", image)
    assert (missing.returncode, missing.stdout) == (5, "")
    assert "model install" in missing.stderr

    installed = run_tintype(home, "model", "install", tiny_model(tmp_path / "tiny.onnx"))
    assert installed.returncode == 0, installed.stderr
    ran = run_tintype(home, "classify", image, "--json", "--top", "1")

    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["labels"][0]["class_index"] == 207
    assert not (home / "postgres").exists()


def test_file_name_need_not_be_utf8(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")
    image = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.jpg"))
    try:
        image.write_bytes(a_jpeg())
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    as_text = run_tintype(home, "classify", image, classifier="memory")
    as_json = run_tintype(home, "classify", image, "--json", classifier="memory")
    assert (as_text.returncode, as_text.stdout.partition("\n")[0]) == (0, f"{tmp_path}/\\udcff.jpg")
    assert json.loads(as_json.stdout)["file"] == str(image)


def test_wrong_setting_is_reported_with_valid_values(home: Path) -> None:
    ran = run_tintype(home, "doctor", port=99_999)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("tintype: TINTYPE_PORT is '99999', but ")
    assert ran.stderr.count("\n") == 1


def test_used_port_is_refused_before_creating_anything(home: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = run_tintype(home, "serve", "--port", port)
    assert ran.returncode == 5
    assert f"port {port} on 127.0.0.1 is used by another program" in ran.stderr
    assert "--port" in ran.stderr
    assert list(home.iterdir()) == []


def test_address_of_other_machine_is_refused(home: Path) -> None:
    ran = run_tintype(home, "serve", "--host", "192.0.2.1")
    assert (ran.returncode, ran.stdout) == (5, "")
    assert "--host" in ran.stderr


def test_progress_bar_is_separate_from_piped_output(home: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{seed}.jpg" for seed in range(3)]
    for seed, file in enumerate(files):
        file.write_bytes(a_jpeg(seed=seed))
    terminal, stderr = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-m", "entrypoints.cli", "classify", *files, "--json"],
        env={**environment(home, classifier="memory"), "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        timeout=TIMEOUT,
        check=True,
    )
    os.close(stderr)
    with os.fdopen(terminal, "rb", buffering=0) as watched:
        assert b"Classifying" in watched.read(65_536)
    assert [json.loads(line)["file"] for line in ran.stdout.splitlines()] == [str(file) for file in files]


def test_closed_pipe_ends_command(home: Path, tmp_path: Path) -> None:
    image = tmp_path / "image.jpg"
    image.write_bytes(a_jpeg())
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "classify", *[image] * 500],
        env=environment(home, classifier="memory"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_closed_pipe_prints_no_error(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "--help"],
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.close()
        assert process.stderr
        assert process.stderr.read() == b""
    assert process.returncode in {0, 141}
