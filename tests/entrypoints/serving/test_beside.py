"""The worker beside the API, as a real process over a memory world."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from entrypoints.serving.beside import SRC, WorkerBeside

PATIENCE = 60.0
MEMORY = dict.fromkeys(("STORE", "BLOBS", "CLASSIFIER", "CAPTIONS"), "memory")


@pytest.fixture
def memory_world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**MEMORY, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(f"TINTYPE_{name}", value)


@pytest.fixture
def beside(memory_world: None) -> Iterator[WorkerBeside]:
    worker = WorkerBeside(first_delay=0.05)
    worker.start()
    yield worker
    worker.stop(PATIENCE)


def until(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_dies_is_replaced(beside: WorkerBeside, caplog: pytest.LogCaptureFixture) -> None:
    until(lambda: beside.pid)
    first = beside.pid
    assert first
    with caplog.at_level(logging.ERROR, "tintype.serve"):
        os.kill(first, signal.SIGKILL)
        until(lambda: beside.pid not in {None, first})
    assert "starting another" in caplog.text


def test_a_stopped_worker_is_not_replaced(beside: WorkerBeside) -> None:
    until(lambda: beside.pid)
    beside.stop(PATIENCE)
    assert beside.pid is None


def test_a_worker_ends_when_the_process_that_started_it_is_killed(memory_world: None) -> None:
    script = (
        "import time\n"
        "from entrypoints.serving.beside import WorkerBeside\n"
        "worker = WorkerBeside()\n"
        "worker.start()\n"
        "while not worker.pid: time.sleep(0.01)\n"
        "print(worker.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout
        assert serving.stderr
        worker = int(serving.stdout.readline())
        said = serving.stderr.readline()  # its first line: by then it watches its parent
        serving.kill()
        until(lambda: not alive(worker))
    assert "waiting for pictures" in said


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
