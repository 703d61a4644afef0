"""The numeric address behind a host name."""

import socket


def resolve_address(host: str, port: int) -> tuple[socket.AddressFamily, str]:
    """The numeric address of `host`; of the two of localhost the one that people and tools expect, IPv4's."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, address = min(found, key=lambda one: one[0] is not socket.AF_INET)
    return family, str(address[0])
