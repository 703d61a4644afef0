"""The client's address, as far as it can be trusted."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from fastapi import Request

from entrypoints.http.dependencies import container_of

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_IPV6_SITE_BITS = 64
"""The network bits of an IPv6 address that identify a customer. The customer chooses the others."""


def client_address(request: Request) -> str:
    """Return the address for rate limits. X-Forwarded-For counts as far as trusted proxies wrote it: the client is the
    rightmost hop that is not a trusted proxy. For IPv6 the result is the customer's network."""
    peer = request.client.host if request.client else ""
    trusted: Sequence[Network] = container_of(request).config.trusted_networks()
    forwarded = request.headers.getlist("x-forwarded-for") if trusted else []
    hops = [hop for header in forwarded for hop in header.split(",")]
    return _rate_limit_key(_find_client(peer, hops, trusted), peer)


def _find_client(peer: str, hops: list[str], trusted: Sequence[Network]) -> Address | None:
    client = _parse_address(peer)
    for hop in reversed(hops):
        if client is None or not any(client in network for network in trusted):
            break
        before = _parse_address(hop)
        if before is None:  # a hop that is not an address ends the search
            break
        client = before
    return client


@lru_cache(maxsize=1024)
def _parse_address(text: str) -> Address | None:
    """Parse an address, with or without the port that some proxies add."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


@lru_cache(maxsize=1024)
def _rate_limit_key(address: Address | None, peer: str) -> str:
    if address is None:
        return peer
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((int(address), _IPV6_SITE_BITS), strict=False))
