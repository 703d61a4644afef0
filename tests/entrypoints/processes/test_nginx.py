"""The supplied nginx configuration in front of the running program."""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from entrypoints.installation import CHECKOUT, SRC
from tests.e2e.program import TIMEOUT, free_port
from tests.entrypoints.processes.test_serve import MEMORY_SETTINGS, wait_until_up
from tests.entrypoints.rest.conftest import PASSWORD
from tests.sample_images import a_jpeg

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")

pytestmark = [
    pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine (apt-get install nginx-light)"),
    pytest.mark.skipif(os.geteuid() != 0, reason="Debian's nginx keeps its temporary files where only root may write"),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of nginx in front of a service in memory that waits three seconds for a body."""
    folder, port, public = tmp_path_factory.mktemp("nginx"), free_port(), free_port()
    settings = {"TINTYPE_HOME": str(folder), "TINTYPE_BODY_SECONDS": "3", "PYTHONPATH": str(SRC)}
    environment = {**os.environ, **MEMORY_SETTINGS, **settings}
    with subprocess.Popen(
        [sys.executable, "-m", "entrypoints.cli", "serve", "--port", str(port)],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert wait_until_up(port, process)
            with run_nginx(folder, port, public):
                yield f"http://127.0.0.1:{public}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(TIMEOUT)


@contextlib.contextmanager
def run_nginx(folder: Path, port: int, public: int) -> Iterator[None]:
    """Run nginx with the supplied file; only addresses and the pid file are changed."""
    assert CHECKOUT is not None
    text = (CHECKOUT / "deploy" / "nginx.conf").read_text()
    replaced = {
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "listen 80 default_server": f"listen 127.0.0.1:{public} default_server",
        "pid /run/nginx.pid": f"pid {folder}/nginx.pid",
    }
    for before, after in replaced.items():
        assert text.count(before) == 1
        text = text.replace(before, after)
    (folder / "nginx.conf").write_text(text)
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "nginx.log"), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert wait_until_up(public, process), (folder / "nginx.log").read_text()
            yield
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(TIMEOUT)


@pytest.fixture
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, timeout=TIMEOUT) as client:
        yield client


def sign_up(client: httpx.Client, name: str) -> dict[str, str]:
    person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    assert client.post("/v1/users", json=person).status_code == httpx.codes.CREATED
    token = client.post("/v1/tokens", data={"username": name, "password": PASSWORD}).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_upload_through_nginx(client: httpx.Client) -> None:
    answer = client.post("/v1/images", headers=sign_up(client, "ada"), files={"file": ("a.jpg", a_jpeg())})
    assert answer.status_code == httpx.codes.CREATED


def test_notifications_are_not_buffered(client: httpx.Client) -> None:
    bob, eve = sign_up(client, "bob"), sign_up(client, "eve")
    with client.stream("GET", "/v1/notifications/stream", headers=bob) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": hello"
        assert client.put("/v1/users/bob/follow", headers=eve).status_code == httpx.codes.NO_CONTENT
        data = next(line for line in lines if line.startswith("data: "))
    assert json.loads(data.removeprefix("data: "))["actors"][0]["username"] == "eve"


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[str]:
    """The address of nginx in front of a server that returns the request head."""

    class Echo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(httpx.codes.OK)
            self.end_headers()
            self.wfile.write(json.dumps(self.headers.items()).encode())

    public = free_port()
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            with run_nginx(tmp_path, server.server_port, public):
                yield f"http://127.0.0.1:{public}"
        finally:
            server.shutdown()
            serving.join()


def test_client_cannot_forge_address(echo: str) -> None:
    """Tintype may trust X-Forwarded-For of this proxy: a header of the client is removed."""
    answer = httpx.get(echo, headers={"X-Forwarded-For": "203.0.113.7", "Host": "pictures.example"})
    head = [(name.lower(), value) for name, value in answer.json()]
    assert [value for name, value in head if name == "x-forwarded-for"] == ["127.0.0.1"]
    assert [value for name, value in head if name == "x-forwarded-proto"] == ["http"]
    assert [value for name, value in head if name == "host"] == ["pictures.example"]


HALF_REQUEST = (
    b"POST /v1/users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{"
)


def test_slow_body_is_answered_with_408(url: str) -> None:
    """A byte at a time without a pause, which no timeout of nginx ends."""
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port or 80), timeout=TIMEOUT) as connection:
        connection.sendall(HALF_REQUEST)
        while not select.select([connection], [], [], 0.05)[0]:
            connection.sendall(b" ")
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_connections_per_address_are_limited(client: httpx.Client, url: str) -> None:
    """Half a body each."""
    address = httpx.URL(url)
    with contextlib.ExitStack() as waiting:
        for _ in range(150):
            connection = socket.create_connection((address.host, address.port or 80), timeout=TIMEOUT)
            waiting.enter_context(connection).sendall(HALF_REQUEST)
        wait_until_refused(client)
    wait_until_answered(client)


def wait_until_refused(client: httpx.Client) -> None:
    _wait_for_status(client, httpx.codes.TOO_MANY_REQUESTS)


def wait_until_answered(client: httpx.Client) -> None:
    _wait_for_status(client, httpx.codes.OK)


def _wait_for_status(client: httpx.Client, status: int) -> None:
    """nginx reads the heads, and the ends, of connections with a short delay."""
    deadline = time.monotonic() + TIMEOUT
    while client.get("/healthz").status_code != status:
        assert time.monotonic() < deadline
        time.sleep(0.05)
