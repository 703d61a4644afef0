"""Checks of ports, and their error messages."""

import socket
import threading
import time

import pytest

from domain.errors import Unavailable
from entrypoints.processes.listen import claim_metrics_port, claim_port


@pytest.fixture
def used_socket() -> socket.socket:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return other


def test_free_port_is_accepted_and_stays_free(used_socket: socket.socket) -> None:
    port = used_socket.getsockname()[1]
    used_socket.close()
    assert claim_port("127.0.0.1", port) == "127.0.0.1"
    assert claim_port("localhost", port) == "127.0.0.1"


def test_used_port_is_reported_with_remedy(used_socket: socket.socket) -> None:
    port = used_socket.getsockname()[1]
    with used_socket, pytest.raises(Unavailable, match=rf"port {port} on 127.0.0.1 is used by another program.*--port"):
        claim_port("127.0.0.1", port, timeout=0)


def test_port_shared_by_other_server_is_detected() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Unavailable, match="used by another program"):
            claim_port("127.0.0.1", other.getsockname()[1], timeout=0)


def test_closing_port_is_awaited(used_socket: socket.socket) -> None:
    port = used_socket.getsockname()[1]
    closing = threading.Timer(0.2, used_socket.close)
    closing.start()
    begun = time.monotonic()
    assert claim_port("127.0.0.1", port, timeout=30) == "127.0.0.1"
    assert time.monotonic() - begun < 30
    closing.join()


def test_address_of_other_machine_is_reported() -> None:
    with pytest.raises(Unavailable, match=r"192\.0\.2\.1 is not an address of this machine.*--host"):
        claim_port("192.0.2.1", 8000, timeout=0)


def test_metrics_port_must_differ(used_socket: socket.socket) -> None:
    port = used_socket.getsockname()[1]
    with (
        used_socket,
        pytest.raises(Unavailable, match=rf"port {port} on 127.0.0.1 is used by another program.*TINTYPE_METRICS_PORT"),
    ):
        claim_metrics_port("127.0.0.1", port, 8000)
    with pytest.raises(Unavailable, match="TINTYPE_METRICS_PORT is 8000, which is the public port"):
        claim_metrics_port("127.0.0.1", 8000, 8000)
    claim_metrics_port("127.0.0.1", None, 8000)
    claim_metrics_port("127.0.0.1", port, 8000)
