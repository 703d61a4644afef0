"""The sandbox of decoding processes, tested from inside like an attacking image."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.decoding.processes import _environment

ATTEMPTS = {
    "read a file": "open('/etc/hostname').read()",
    "write a file": "open('/tmp/tintype-escape', 'w')",
    "open a connection": "__import__('socket').socket()",
    "run a program": "os.execv('/bin/true', ['true'])",
    "trace its parent": "os.kill(os.getppid(), 0)",
    "list processes": "os.listdir('/proc')",
}

SCRIPT = """
import os, socket
from adapters.decoding.sandbox import enter_sandbox
ours, theirs = socket.socketpair()
parent = os.getpid()
if os.fork() == 0:
    missing = enter_sandbox(parent)
    try:
        {attempt}
    except OSError as error:
        theirs.sendall(f"refused {{missing}}".encode())
    else:
        theirs.sendall(b"allowed")
    os._exit(0)
theirs.close()
print(ours.recv(200).decode())
os.wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the protections are Linux's")
@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_sandbox_denies_operation(attempt: str) -> None:
    command = [sys.executable, "-c", SCRIPT.format(attempt=attempt)]
    found = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "refused []", found.stderr


def test_environment_contains_no_secret() -> None:
    os.environ["TINTYPE_TEST_SECRET"] = "s3cret"  # a setting of the service
    try:
        assert "s3cret" not in "".join(_environment().values())
        assert not {name for name in _environment() if name.startswith(("TINTYPE", "OPENAI"))}
    finally:
        del os.environ["TINTYPE_TEST_SECRET"]


def test_attack_left_no_files() -> None:
    assert not Path("/tmp/tintype-escape").exists()  # noqa: S108 — the name that was tried
