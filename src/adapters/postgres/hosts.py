"""The hosts of a database URL."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit


class Hosts:
    """The hosts of a URL as URLs of one host each. The host that accepted the last connection comes first: after a
    failover, a new connection does not wait for the machine that is gone."""

    def __init__(self) -> None:
        self._url = ""
        self._ordered: list[str] = []

    def in_order(self, url: str) -> Sequence[str]:
        if url != self._url:
            self._url, self._ordered = url, single_host_urls(url)
        return tuple(self._ordered)

    def move_to_end(self, host_url: str) -> None:
        """Try this host last from now on."""
        if host_url in self._ordered:
            self._ordered.remove(host_url)
            self._ordered.append(host_url)


def single_host_urls(url: str) -> list[str]:
    """Return a URL for each host of a URL that libpq accepts. The hosts stand before the path or in the parameter
    `host`. Their order is kept."""
    parts = urlsplit(url)
    credentials, at, hosts = parts.netloc.rpartition("@")
    if hosts:
        return [urlunsplit(parts._replace(netloc=f"{credentials}{at}{host}")) for host in hosts.split(",")]
    parameters = dict(parse_qsl(parts.query))
    hosts = parameters.pop("host", "")
    if "," not in hosts:
        return [url]
    names = hosts.split(",")
    ports = parameters.pop("port", "5432").split(",")
    return [
        f"{url.partition('?')[0]}?{urlencode({**parameters, 'host': name, 'port': port}, quote_via=quote)}"
        for name, port in zip(names, ports * (len(names) if len(ports) == 1 else 1), strict=True)
    ]


def host_name(host_url: str) -> str:
    """Return the host and port of a URL of one host, for messages."""
    parts = urlsplit(host_url)
    return parts.netloc.rpartition("@")[2] or dict(parse_qsl(parts.query)).get("host", "the local host")
