"""Resolution of host names."""

import socket


def resolve_address(host: str, port: int) -> tuple[socket.AddressFamily, str]:
    """Return the numeric address of `host`. For localhost it is the IPv4 address, which people and tools expect."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    family, _, _, _, address = min(found, key=lambda one: one[0] is not socket.AF_INET)
    return family, str(address[0])
