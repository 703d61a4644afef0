"""Checks that the service can listen on its port."""

import errno
import socket
import time

from domain.errors import Unavailable
from entrypoints.http.addresses import resolve_address

TIMEOUT = 2.0
"""Seconds to wait for a used port: a service that was just stopped may still be closing it."""


class PortUnusable(Unavailable):
    """The service cannot listen at this address; the detail states the remedy."""

    code = "port_unusable"


def claim_port(host: str, port: int, timeout: float = TIMEOUT, option: str = "--port") -> str:
    """The numeric address of `host` on which the port, given by `option`, is free. Raises `PortUnusable`.

    The server would not detect another server of the same user, since its processes share the port (SO_REUSEPORT).
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
                raise PortUnusable(_explain(error, host, port, option), host=host, port=port) from error
        time.sleep(0.1)


def claim_metrics_port(host: str, port: int | None, public: int) -> None:
    """The same for the port of the metrics, if it differs from the `public` one. Raises `PortUnusable`."""
    if port == public:
        detail = f"TINTYPE_METRICS_PORT is {port}, which is the public port; use another one"
        raise PortUnusable(detail, host=host, port=port)
    if port is not None:
        claim_port(host, port, option="TINTYPE_METRICS_PORT")


def _listen(host: str, port: int) -> str:
    family, address = resolve_address(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((address, port))
        probe.listen(1)
    return address


def _explain(error: OSError, host: str, port: int, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is used by another program; stop it, or use another port with {option}"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port {port} on {host} requires privileges; use a port from 1024 up with {option}"
    return (
        f"{host} is not an address of this machine ({error.strerror}); use another one with --host, such as 127.0.0.1"
    )
