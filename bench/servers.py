"""Server processes, with their peak memory."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass
class Server:
    url: str
    pid: int
    peak_mb: float = field(default=0.0)


@contextmanager
def api(home: Path, **settings: str) -> Iterator[Server]:
    """The API in one process, on the embedded database of `home`; without rate limits unless `settings` override
    this."""
    command = [sys.executable, "-m", "entrypoints.cli", "serve", "--no-worker"]
    environment = {
        "TINTYPE_HOME": str(home),
        "TINTYPE_MODEL_FETCH": "off",
        "TINTYPE_CAPTIONS": "off",
        "TINTYPE_RATE_LIMITS": "off",
        **settings,
    }
    with _serve(command, environment) as server:
        yield server


@contextmanager
def app(name: str, **environment: str) -> Iterator[Server]:
    """An ASGI application, run by the same server as Tintype's."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--log-level", "error", name]
    with _serve(command, environment) as server:
        yield server


@contextmanager
def ours(home: Path, precision: str) -> Iterator[Server]:
    command = [sys.executable, "-m", "entrypoints.cli", "inference"]
    with _serve(command, {"TINTYPE_HOME": str(home), "TINTYPE_PRECISION": precision}) as server:
        yield server


@contextmanager
def peer(weights: Path) -> Iterator[Server]:
    with app("bench.inference.peer:app", MODEL=str(weights)) as server:
        yield server


@contextmanager
def _serve(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT), *sys.path])
    process = subprocess.Popen(  # noqa: S603 — our own
        [*command, "--port", str(port)],
        cwd=CHECKOUT,
        env={**os.environ, **environment, "PYTHONPATH": paths},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server, over = Server(f"http://127.0.0.1:{port}", process.pid), threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, server, over))
    watcher.start()
    try:
        _wait_until_open(port, process)
        yield server
    finally:
        over.set()
        watcher.join()
        process.terminate()
        process.wait(30)


def _watch(pid: int, server: Server, over: threading.Event) -> None:
    """Measure the unique memory (USS) of the process and its children once a second. Each time takes 20 ms of a core,
    which the measured server lacks."""
    while not over.wait(1.0):
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
            held = sum(member.memory_full_info().uss for member in family)
        except psutil.Error:
            continue
        server.peak_mb = max(server.peak_mb, held / 1e6)


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"{process.args} ended with {process.returncode}")
