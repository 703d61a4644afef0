"""`/metrics` on a separate port, which need not be public."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client.exposition import CONTENT_TYPE_LATEST

from entrypoints.http.addresses import resolve_address

SCRAPE_TIMEOUT = 10.0
"""Maximum time in seconds for one scrape."""

Exposition = Callable[[], Awaitable[bytes]]


@asynccontextmanager
async def metrics_server(host: str, port: int | None, exposition: Exposition) -> AsyncIterator[None]:
    """Serve the metrics until the block ends; without a port do nothing. `exposition` runs in this event loop,
    everything else in threads."""
    if port is None:
        yield
        return
    with _Server(host, port, _make_handler(exposition, asyncio.get_running_loop())) as server:
        serving = asyncio.ensure_future(asyncio.to_thread(server.serve_forever))
        try:
            yield
        finally:
            await asyncio.to_thread(server.shutdown)
            await serving


class _Server(ThreadingHTTPServer):
    allow_reuse_port = True  # the processes of a service share this port, like their main port

    def __init__(self, host: str, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family, address = resolve_address(host, port)
        super().__init__((address, port), handler)


def _make_handler(exposition: Exposition, loop: asyncio.AbstractEventLoop) -> type[BaseHTTPRequestHandler]:
    async def expose() -> bytes:
        return await exposition()

    class Handler(BaseHTTPRequestHandler):
        timeout = SCRAPE_TIMEOUT

        def do_GET(self) -> None:
            if self.path.partition("?")[0] != "/metrics":
                self.send_error(HTTPStatus.NOT_FOUND, "only /metrics is served on this port")
                return
            body = asyncio.run_coroutine_threadsafe(expose(), loop).result(SCRAPE_TIMEOUT)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", CONTENT_TYPE_LATEST)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Suppress the log line of a scrape."""

    return Handler
