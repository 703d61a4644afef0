"""Whether a port is ours to take, and what is said when it is not."""

import socket
import threading
import time

import pytest

from domain.errors import Unavailable
from entrypoints.processes.listen import claim_metrics_port, claim_port


@pytest.fixture
def taken_socket() -> socket.socket:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return other


def test_a_free_port_may_be_taken_and_stays_free(taken_socket: socket.socket) -> None:
    port = taken_socket.getsockname()[1]
    taken_socket.close()
    assert claim_port("127.0.0.1", port) == "127.0.0.1"
    assert claim_port("localhost", port) == "127.0.0.1"


def test_a_taken_port_is_named_with_the_remedy(taken_socket: socket.socket) -> None:
    port = taken_socket.getsockname()[1]
    with taken_socket, pytest.raises(Unavailable, match=rf"port {port} on 127.0.0.1 is taken.*--port"):
        claim_port("127.0.0.1", port, timeout=0)


def test_a_server_that_shares_its_port_is_noticed_all_the_same() -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Unavailable, match="taken"):
            claim_port("127.0.0.1", other.getsockname()[1], timeout=0)


def test_a_port_that_is_just_being_closed_is_waited_for(taken_socket: socket.socket) -> None:
    port = taken_socket.getsockname()[1]
    closing = threading.Timer(0.2, taken_socket.close)
    closing.start()
    begun = time.monotonic()
    assert claim_port("127.0.0.1", port, timeout=30) == "127.0.0.1"
    assert time.monotonic() - begun < 30
    closing.join()


def test_an_address_of_another_machine_is_told_apart() -> None:
    with pytest.raises(Unavailable, match=r"192\.0\.2\.1 is no address of this machine.*--host"):
        claim_port("192.0.2.1", 8000, timeout=0)


def test_the_metrics_have_a_port_that_nothing_else_has(taken_socket: socket.socket) -> None:
    port = taken_socket.getsockname()[1]
    with taken_socket, pytest.raises(Unavailable, match=rf"port {port} on 127.0.0.1 is taken.*TINTYPE_METRICS_PORT"):
        claim_metrics_port("127.0.0.1", port, 8000)
    with pytest.raises(Unavailable, match="TINTYPE_METRICS_PORT is 8000, the port of everything else"):
        claim_metrics_port("127.0.0.1", 8000, 8000)
    claim_metrics_port("127.0.0.1", None, 8000)
    claim_metrics_port("127.0.0.1", port, 8000)
