"""The program as a person starts it: a process of its own, in a folder of its own, on a port of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tintype_client import AuthenticatedClient, Client

TINTYPE = str(Path(sys.executable).parent / "tintype")
"""The launcher that `make setup` puts beside the interpreter."""

TIMEOUT = 180.0
"""Seconds that a start, a stop or a label may take on a busy machine before something counts as broken."""


@dataclass
class Program:
    """`tintype` with its own TINTYPE_HOME; commands run from a folder that is not the checkout."""

    home: Path
    port: int
    command: str = TINTYPE
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        foreign = {name: value for name, value in os.environ.items() if not name.startswith(("TINTYPE_", "OPENAI_"))}
        return foreign | {
            "TINTYPE_HOME": str(self.home),
            "TINTYPE_PORT": str(self.port),
            "TINTYPE_MODEL_FETCH": "off",
            "TINTYPE_RATE_LIMITS": "off",  # everybody in these tests has one address
            "NO_COLOR": "1",
            "COLUMNS": "120",
            **self.settings,
        }

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.command, *arguments],
            cwd=self.home,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    @contextlib.contextmanager
    def serve(self, *options: str) -> Iterator["Server"]:
        """`tintype serve` until the block ends; what it printed is in `home/serve.log`."""
        with (self.home / "serve.log").open("ab") as log:
            process = subprocess.Popen(
                [self.command, "serve", *options],
                cwd=self.home,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = Server(process, httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=TIMEOUT))
        try:
            self._wait_until_ready(server)
            yield server
        finally:
            server.stop()

    def _wait_until_ready(self, server: "Server") -> None:
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            if server.process.poll() is not None:
                break
            with contextlib.suppress(httpx.TransportError):
                if server.client.get("/readyz").status_code == httpx.codes.OK:
                    return
            time.sleep(0.1)
        raise AssertionError(f"tintype serve is not ready:\n{(self.home / 'serve.log').read_text()}")


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    client: httpx.Client
    _signed_in: list[httpx.Client] = field(default_factory=list)

    @property
    def anonymous(self) -> Client:
        """The generated client without a token."""
        return Client(str(self.client.base_url)).set_httpx_client(self.client)

    def client_of(self, token: str) -> AuthenticatedClient:
        """The generated client of the token's owner."""
        found = AuthenticatedClient(str(self.client.base_url), token=token, timeout=self.client.timeout)
        self._signed_in.append(found.get_httpx_client())
        return found

    def stop(self) -> int:
        """Ask it to stop and wait until it has."""
        for client in (self.client, *self._signed_in):
            client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(TIMEOUT)

    def kill(self) -> None:
        """What a power cut does to the process that was started."""
        self.process.kill()
        self.process.wait(TIMEOUT)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
