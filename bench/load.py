"""A closed loop of connections: each sends the next request when the last one is answered. It shares the cores with the
server, so it does little: requests are prepared beforehand, and responses are only counted."""

import asyncio
import itertools
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from statistics import median
from typing import cast
from urllib.parse import SplitResult, urlsplit

import uvloop

WARM_UP = 1.0
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Load:
    """`p50` and `p99` in milliseconds. `bad` counts responses other than 200, and closed connections. `client_ms`: CPU
    time of the client for each request, which a server on the same cores lacks."""

    per_second: float
    p50: float
    p99: float
    bad: int
    client_ms: float = 0.0


def load(url: str, requests: list[bytes], connections: int, seconds: float, warm_up: float = WARM_UP) -> Load:
    """Sends `requests` in order, and starts again after the last one."""
    return uvloop.run(_load(urlsplit(url), requests, connections, seconds, warm_up))


def loads(url: str, requests: list[bytes], connections: int, seconds: float) -> Load:
    """The same from up to four processes, in case one process is slower than the server."""
    processes = min(connections, 4)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(load, url, requests, connections // processes, seconds) for _ in range(processes)]
        results = [one.result() for one in running]
    return Load(
        sum(one.per_second for one in results),
        median(one.p50 for one in results),
        max(one.p99 for one in results),
        sum(one.bad for one in results),
        median(one.client_ms for one in results),
    )


def request(method: str, url: str, body: bytes = b"", **headers: str) -> bytes:
    """Header names use underscores: `content_type`."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"{method} {path} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class _Tally:
    start: float
    stop: float
    durations: list[float] = field(default_factory=list)
    last: float = 0.0
    bad: int = 0
    sent: int = 0

    def record(self, began: float) -> None:
        if began > self.start:
            self.last = time.perf_counter()
            self.durations.append((self.last - began) * 1000)

    @property
    def is_over(self) -> bool:
        """Whether the time has passed. A request that takes longer is answered once."""
        return bool(self.durations) and time.perf_counter() >= self.stop

    @property
    def seconds(self) -> float:
        return max(self.stop, self.last) - self.start


async def _load(url: SplitResult, requests: list[bytes], connections: int, seconds: float, warm_up: float) -> Load:
    processor, start = time.process_time(), time.perf_counter() + warm_up
    tally, bodies = _Tally(start, start + seconds), itertools.cycle(requests)
    loop = asyncio.get_running_loop()
    ends = []
    for _ in range(connections):
        _, connection = await loop.create_connection(lambda: _Connection(bodies, tally), url.hostname, url.port)
        ends.append(connection.over)
    await asyncio.gather(*ends)
    durations = sorted(tally.durations)
    return Load(
        len(durations) / tally.seconds,
        durations[len(durations) // 2],
        durations[int(len(durations) * 0.99)],
        tally.bad,
        (time.process_time() - processor) * 1000 / tally.sent,
    )


class _Connection(asyncio.Protocol):
    def __init__(self, bodies: Iterator[bytes], tally: _Tally) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._bodies, self._tally = bodies, tally

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, ended, body = self._answer.partition(END_OF_HEAD)
        if not ended or len(body) < _length(head):
            return
        self._tally.bad += not head.startswith(b"HTTP/1.1 200")
        self._tally.record(self._began)
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 — the name is asyncio's
        self._tally.bad += not self._tally.is_over
        self.over.set_result(None)

    def _send(self) -> None:
        if self._tally.is_over:
            self._transport.close()
            return
        self._answer, self._began = b"", time.perf_counter()
        self._tally.sent += 1
        self._transport.write(next(self._bodies))


def _length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0])
