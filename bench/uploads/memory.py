"""The memory of API and worker during and after eight large concurrent uploads."""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from tests.e2e.program import Program, Server, free_port
from tests.hostile.files import tiny_webp

UPLOADS = 8
WORKER_TIMEOUT = 180.0
"""Time limit of the worker in seconds."""
RELEASE_SECONDS = 15.0
"""Seconds until the memory is measured again."""


@dataclass
class Memory:
    """MB of API, worker and their children, without PostgreSQL; shared pages count once."""

    before: float = 0.0
    most: float = 0.0
    after: float = 0.0
    answers: list[int] = field(default_factory=list)
    seconds: float = 0.0


def measure() -> Memory:
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with Program(home, free_port()).serve() as served:
            return _measure(served)


def _measure(served: Server) -> Memory:
    headers = _sign_in(served.client)
    _upload(served.client, headers, tiny_webp(64, 48))  # loads lazy modules first
    time.sleep(RELEASE_SECONDS)
    memory, large = Memory(before=_memory_mb(served)), tiny_webp()
    began = time.monotonic()
    with _watch(served, memory), ThreadPoolExecutor(UPLOADS) as threads:
        answers = list(threads.map(lambda _: _upload(served.client, headers, large), range(UPLOADS)))
        memory.answers = [answer.status_code for answer in answers]
        memory.seconds = time.monotonic() - began
        _wait_for_worker(served.client, headers)
    time.sleep(RELEASE_SECONDS)
    memory.after = _memory_mb(served)
    return memory


def _sign_in(client: httpx.Client) -> dict[str, str]:
    person = {"username": "ada", "email": "ada@example.org", "password": "correct horse battery"}
    client.post("/v1/users", json=person).raise_for_status()
    answer = client.post("/v1/tokens", data={"username": "ada", "password": person["password"]})
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def _upload(client: httpx.Client, headers: dict[str, str], data: bytes) -> httpx.Response:
    return client.post("/v1/images", files={"file": ("a.webp", data)}, headers=headers, timeout=WORKER_TIMEOUT)


def _wait_for_worker(client: httpx.Client, headers: dict[str, str]) -> None:
    until = time.monotonic() + WORKER_TIMEOUT
    while time.monotonic() < until:
        images = client.get("/v1/me/images", headers=headers).raise_for_status().json()["items"]
        if all(image["understanding"]["classification"]["state"] in {"done", "failed"} for image in images):
            return
        time.sleep(0.5)


@contextmanager
def _watch(served: Server, memory: Memory) -> Iterator[None]:
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            memory.most = max(memory.most, _memory_mb(served))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _memory_mb(served: Server) -> float:
    total = 0
    program = psutil.Process(served.process.pid)
    for process in [program, *program.children(recursive=True)]:
        try:
            if "postgres" not in process.name():
                total += process.memory_full_info().pss
        except psutil.Error:
            continue  # the process has just ended
    return total / 1e6
