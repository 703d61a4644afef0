"""`tintype serve` as a process, in memory."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from entrypoints.installation import SRC
from tests.e2e.program import free_port

TIMEOUT = 60.0
MEMORY_SETTINGS = {f"TINTYPE_{name}": "memory" for name in ("STORE", "BLOBS", "CLASSIFIER", "CAPTIONS")}


def test_memory_storage_is_served_and_stopped(tmp_path: Path) -> None:
    port, metrics_port = free_port(), free_port()
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "serve", "--port", str(port)],
        cwd=tmp_path,
        env={**os.environ, **MEMORY_SETTINGS, "TINTYPE_HOME": str(tmp_path), "PYTHONPATH": str(SRC)}
        | {"TINTYPE_METRICS_PORT": str(metrics_port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert wait_until_up(port, process)
            assert httpx.get(f"http://127.0.0.1:{port}/metrics").status_code == httpx.codes.NOT_FOUND
            assert httpx.get(f"http://127.0.0.1:{metrics_port}/elsewhere").status_code == httpx.codes.NOT_FOUND
            scrape = httpx.get(f"http://127.0.0.1:{metrics_port}/metrics")
            assert 'tintype_requests_total{method="GET",route="",status="404"} 1.0' in scrape.text
        finally:
            process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 0, said
    assert "all data are lost" in said
    assert f"http://localhost:{port}" in said


def wait_until_up(port: int, process: subprocess.Popen[str]) -> bool:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False
