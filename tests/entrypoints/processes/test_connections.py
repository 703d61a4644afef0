"""Idle and slow connections to the running program."""

import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import httpx
import pytest

from entrypoints.installation import SRC
from tests.e2e.program import TIMEOUT, free_port
from tests.entrypoints.processes.test_serve import MEMORY_SETTINGS, wait_until_up

IDLE_CONNECTIONS = 1_500
"""More than granian takes by itself (1,024); fewer than most systems let one process open."""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service that waits one second for a body."""
    home, port = tmp_path_factory.mktemp("connections"), free_port()
    environment = {**os.environ, **MEMORY_SETTINGS, "TINTYPE_HOME": str(home), "TINTYPE_BODY_SECONDS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "serve", "--port", str(port)],
        cwd=home,
        env=environment | {"PYTHONPATH": str(SRC)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert wait_until_up(port, process)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(TIMEOUT)


def test_idle_connections_do_not_block_others(port: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < IDLE_CONNECTIONS + 100 <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (IDLE_CONNECTIONS + 100, hard))
    with contextlib.ExitStack() as idle:
        for _ in range(IDLE_CONNECTIONS):
            idle.enter_context(socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT))
        assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=TIMEOUT).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
    ids=["nothing", "half a head", "a whole request"],
)
def test_connection_without_request_is_closed(port: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(sent)
        while client.recv(65536):
            pass  # until the server closes it


@pytest.mark.parametrize("path", ["/v1/users", "/v1/search/by-image", "/sign-up"])
def test_missing_body_is_answered_with_408(port: int, path: str) -> None:
    kind = {
        "/v1/users": "application/json",
        "/v1/search/by-image": "multipart/form-data; boundary=b",
        "/sign-up": "application/x-www-form-urlencoded",
    }[path]
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(head.encode() + b"--b")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"he body did not come in time: 3 bytes came" in answer


def test_slow_body_is_accepted(port: int) -> None:
    """The rate counts: ten separate pieces within less than a second."""
    body = b'{"username": "slow", "email": "slow@example.com", "password": "correct horse battery"}'
    head = (
        "POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(head.encode())
        for start in range(0, len(body), 20):
            client.sendall(body[start : start + 20])
            time.sleep(0.01)
        assert client.recv(65536).startswith(b"HTTP/1.1 201 ")


FORM = "POST /v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
SECOND = "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 3\r\nContent-Length: 5\r\n",
        "Content-Length: +5\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding : chunked\r\n",
    ],
)
def test_ambiguous_request_length_is_refused(port: int, lengths: str) -> None:
    answer = _read_to_end(port, f"{FORM}{lengths}\r\n{SECOND}")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_nothing_is_read_after_body_with_two_lengths(port: int) -> None:
    answer = _read_to_end(port, f"{FORM}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{SECOND}")
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def _read_to_end(port: int, sent: str) -> bytes:
    """Read until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as client:
        client.sendall(sent.encode())
        return b"".join(iter(lambda: client.recv(65536), b""))
