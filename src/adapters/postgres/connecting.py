"""How connections to PostgreSQL are opened. A host that is gone or silent costs seconds: each host of the URL has a
time limit, TCP checks the peer of an idle connection, and every statement has a time limit on the client too."""

import socket
from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg

from adapters.postgres.errors import translate_errors
from adapters.postgres.hosts import Hosts, host_name

Connection: TypeAlias = asyncpg.Connection

CONNECT_TIMEOUT = 5.0
"""Seconds to open a connection before the database is reported as unreachable."""

HOST_TIMEOUT = 2.0
"""Seconds to open a connection to one host of several before the next one is tried."""

STATEMENT_TIMEOUT = 30_000
"""Milliseconds after which PostgreSQL cancels a statement."""

SILENCE_SECONDS = 2.0
"""Seconds after the statement timeout in which PostgreSQL has to report it. A connection that is silent for longer is
dead."""

# An idle peer is checked after 5 s and given up 6 s later, one that acknowledges no bytes after 10 s.
_TCP_OPTIONS = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 2, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 10_000}

POOLER_SETTINGS = {"application_name": "tintype", "timezone": "UTC"}
"""The settings that pgbouncer keeps for each client. It refuses any other one at the start of a connection."""

SERVER_SETTINGS = {
    "jit": "off",
    "lock_timeout": "10s",
    "statement_timeout": f"{STATEMENT_TIMEOUT}ms",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "1s",  # a statement whose client is gone holds its locks no longer
    # A setting of pgvector: continue along the index until enough rows pass the filter, rather than return too few.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": "100",
}
"""Settings of a session with the server itself. Behind a pooler they are the defaults of the role (`role_settings`)."""


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg ships no types
    """A row whose columns are attributes. A page reads hundreds: the first use of a name makes it a property, which is
    a tenth of the time of a failed lookup."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(f"the row has no column {name!r}")
        setattr(Row, name, property(itemgetter(name)))
        return self[name]


class CheckedConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection whose peer TCP checks."""

    __slots__ = ()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        _check_peer(self._transport.get_extra_info("socket"))


class Connector:
    """Opens connections to one database. A callable `url` is evaluated for each connection, because the embedded
    server's address is known only while it runs."""

    def __init__(self, url: str | Callable[[], str], settings: dict[str, str], command_timeout: float | None) -> None:
        self._url = url
        self._settings = settings
        self._command_timeout = command_timeout
        self._hosts = Hosts()

    @property
    def url(self) -> str:
        return self._url if isinstance(self._url, str) else self._url()

    async def connect(self, **options: Any) -> Connection:
        """Open a connection to the first host that accepts one. `options` are those of asyncpg and come first. A retry
        of asyncpg after a change of the schema uses the connection's class of rows, so it belongs here and not to a
        statement."""
        options = {"record_class": Row, "command_timeout": self._command_timeout} | options
        options["server_settings"] = self._settings | options.get("server_settings", {})
        if not issubclass(options.get("connection_class", asyncpg.Connection), CheckedConnection):
            options["connection_class"] = CheckedConnection  # a pool names its default class
        with translate_errors():
            return await self._connect_to_any(options)

    async def _connect_to_any(self, options: dict[str, Any]) -> Connection:
        hosts = self._hosts.in_order(self.url)
        failures: dict[str, Exception] = {}
        for host_url in hosts:
            try:
                timeout = HOST_TIMEOUT if len(hosts) > 1 else CONNECT_TIMEOUT
                return await asyncpg.connect(host_url, timeout=timeout, **options)
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched) as error:
                self._hosts.move_to_end(host_url)
                failures[host_name(host_url)] = error
        raise ConnectionError("; ".join(f"{name}: {_reason(error)}" for name, error in failures.items()))


def command_timeout(milliseconds: float) -> float:
    """Return the seconds after which a statement with this statement timeout shows that its connection is dead."""
    return milliseconds / 1000 + SILENCE_SECONDS


def _check_peer(peer: socket.socket) -> None:
    if peer.family in {socket.AF_INET, socket.AF_INET6}:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _TCP_OPTIONS.items():
            if hasattr(socket, name):  # Linux has all of them
                peer.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def _reason(error: Exception) -> str:
    return "no answer" if isinstance(error, TimeoutError) else str(error) or type(error).__name__
