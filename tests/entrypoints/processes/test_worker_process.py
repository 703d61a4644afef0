"""The worker beside the API, as a real process in memory."""

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
from entrypoints.processes.worker_process import WorkerProcess

TIMEOUT = 60.0
MEMORY_SETTINGS = dict.fromkeys(("STORE", "BLOBS", "CLASSIFIER", "CAPTIONS"), "memory")


@pytest.fixture
def memory_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**MEMORY_SETTINGS, "HOME": str(tmp_path)}.items():
        monkeypatch.setenv(f"TINTYPE_{name}", value)


@pytest.fixture
def worker_process(memory_settings: None) -> Iterator[WorkerProcess]:
    worker = WorkerProcess(first_delay=0.05)
    worker.start()
    yield worker
    worker.stop(TIMEOUT)


def wait_until(condition: Callable[[], object], timeout: float = TIMEOUT) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_dead_worker_is_replaced(worker_process: WorkerProcess, caplog: pytest.LogCaptureFixture) -> None:
    wait_until(lambda: worker_process.pid)
    first = worker_process.pid
    assert first
    with caplog.at_level(logging.ERROR, "tintype.serve"):
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: worker_process.pid not in {None, first})
    assert "restarting it" in caplog.text


def test_stopped_worker_is_not_replaced(worker_process: WorkerProcess) -> None:
    wait_until(lambda: worker_process.pid)
    worker_process.stop(TIMEOUT)
    assert worker_process.pid is None


def test_repeated_stop_signals_let_job_finish(memory_settings: None) -> None:
    with start_script("input()", "worker.request_stop()", f"worker.stop({TIMEOUT})") as serving:
        first = next_log_line(serving)
        _, last = serving.communicate("stop\n", timeout=TIMEOUT)
    assert "the worker is ready" in first
    assert "the worker has stopped" in last


def test_worker_ends_with_killed_parent(memory_settings: None) -> None:
    with start_script("print(worker.pid, flush=True)", "time.sleep(600)") as serving:
        assert serving.stdout
        worker = int(serving.stdout.readline())
        first = next_log_line(serving)  # by then it watches its parent
        serving.kill()
        wait_until(lambda: not is_alive(worker))
    assert "the worker is ready" in first


def start_script(*then: str) -> subprocess.Popen[str]:
    """A process that starts a worker and runs this script."""
    imports = ["import time", "from entrypoints.processes.worker_process import WorkerProcess"]
    return subprocess.Popen(
        [sys.executable, "-c", "\n".join([*imports, "worker = WorkerProcess()", "worker.start()", *then])],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def next_log_line(process: subprocess.Popen[str]) -> str:
    """The next line of the process's log."""
    assert process.stderr
    return process.stderr.readline()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
