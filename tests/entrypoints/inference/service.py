"""The inference service as a process on its own port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from entrypoints.installation import SRC
from tests.e2e.program import TIMEOUT, free_port


@contextmanager
def serve_inference(home: Path, port: int | None = None, **settings: str) -> Iterator[str]:
    """Run `tintype inference` with the models of `home`, and return its address. `settings`: TINTYPE_..."""
    port = port or free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TINTYPE_")}
    with (home / "inference.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "entrypoints.cli", "inference", "--port", str(port)],
            env={**environment, **settings, "TINTYPE_HOME": str(home), "PYTHONPATH": str(SRC)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_until_alive(url, process, home / "inference.log")
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(TIMEOUT)


def _wait_until_alive(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + TIMEOUT
    while process.poll() is None and time.monotonic() < deadline:
        try:
            httpx.get(f"{url}/v2/health/live").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the inference service is not alive:\n{log.read_text()}")
