"""Whether the port is ours to take."""

import errno
import socket
import time

from domain.errors import Unavailable

PATIENCE = 2.0
"""Seconds to wait for a taken port: a service stopped a moment ago may still be closing it."""


class PortUnusable(Unavailable):
    """Nothing can be served at this address; the detail says what to do."""

    code = "port_unusable"


def claim(host: str, port: int, patience: float = PATIENCE) -> str:
    """The numeric address of `host`, on which `port` can be listened on. Raises `PortUnusable`.

    The server itself would not notice another of the same user: it shares its port among processes (SO_REUSEPORT).
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return _listen(host, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
                raise PortUnusable(_sentence(error, host, port), host=host, port=port) from error
        time.sleep(0.1)


def _listen(host: str, port: int) -> str:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # localhost is two addresses, of which people and tools expect the old one.
    family, kind, protocol, _, address = min(found, key=lambda one: one[0] is not socket.AF_INET)
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)
    return str(address[0])


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is taken by another program; stop it, or serve elsewhere with --port"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"port {port} on {host} is not for ordinary users; serve on one from 1024 up with --port"
    return f"{host} is no address of this machine ({error.strerror}); give another with --host, such as 127.0.0.1"
