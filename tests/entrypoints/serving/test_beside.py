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

from entrypoints.installation import SRC
from entrypoints.serving.beside import WorkerBeside

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


def until(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
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


def test_a_worker_asked_again_and_again_finishes_what_it_has_begun(memory_world: None) -> None:
    with starting("input()", "worker.ask_to_stop()", f"worker.stop({PATIENCE})") as serving:
        first = said(serving)
        _, last = serving.communicate("stop\n", timeout=PATIENCE)
    assert "waiting for pictures" in first
    assert "the worker has stopped" in last


def test_a_worker_ends_when_the_process_that_started_it_is_killed(memory_world: None) -> None:
    with starting("print(worker.pid, flush=True)", "time.sleep(600)") as serving:
        assert serving.stdout
        worker = int(serving.stdout.readline())
        first = said(serving)  # by then it watches its parent
        serving.kill()
        until(lambda: not alive(worker))
    assert "waiting for pictures" in first


def starting(*then: str) -> subprocess.Popen[str]:
    """A process that starts a worker and does these things."""
    script = ["import time", "from entrypoints.serving.beside import WorkerBeside", "worker = WorkerBeside()"]
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join([*script, "worker.start()", *then])],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    """The next line of its log."""
    assert process.stderr
    return process.stderr.readline()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
