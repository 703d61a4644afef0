"""A TCP proxy before a database that can fall silent, as a machine does that loses its power or its network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit, urlunsplit


class FrozenProxy:
    """Forwards bytes until `freeze`. Frozen connections stay open and silent."""

    def __init__(self, url: str) -> None:
        self._upstream = urlsplit(url)
        self._running: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self._is_silent = False
        self._over = asyncio.Event()
        self.client_ports: list[int] = []
        """The ports of the clients, in the order of their connections."""

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Close all connections."""
        self._server.close()
        self._over.set()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.sleep(0)  # the transports close in the next turn

    @property
    def url(self) -> str:
        """The address of the database through the proxy."""
        host, port = self._server.sockets[0].getsockname()
        user = self._upstream.netloc.rpartition("@")[0]
        return urlunsplit(self._upstream._replace(netloc=f"{user}@{host}:{port}", query=""))

    def freeze(self, *, new_connections: bool) -> None:
        """Forward nothing on the open connections any more, and with `new_connections` on no other one either."""
        self._is_silent = new_connections
        for task in self._running:
            task.cancel()

    def thaw(self) -> None:
        """Forward connections that are opened from now on."""
        self._is_silent = False

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.client_ports.append(writer.get_extra_info("peername")[1])
        serving = asyncio.current_task()
        assert serving is not None
        self._serving.add(serving)
        forwarding = asyncio.create_task(self._forward(reader, writer))
        self._running.add(forwarding)
        await asyncio.wait([forwarding])
        self._running.discard(forwarding)
        if forwarding.cancelled():
            await self._over.wait()
        writer.transport.abort()
        self._serving.discard(serving)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_silent:
            await self._over.wait()
            return
        upstream, downstream = await self._open_upstream()
        try:
            await asyncio.gather(_copy(reader, downstream), _copy(upstream, writer), return_exceptions=True)
        finally:
            downstream.transport.abort()

    async def _open_upstream(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder = dict(parse_qsl(self._upstream.query)).get("host")
        if folder is not None:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        return await asyncio.open_connection(self._upstream.hostname, self._upstream.port)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@asynccontextmanager
async def frozen_proxy(url: str) -> AsyncIterator[FrozenProxy]:
    """A proxy before the database at `url`."""
    proxy = FrozenProxy(url)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
