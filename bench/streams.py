"""Measures the cost of a thousand idle event streams, and the latency of notifications.

    PYTHONPATH=src:. python -m bench.streams docs/benchmarks/streams.md

Both limits are from the same run. For CPU time: an application of a few lines on the same server, with as many streams
and the same heartbeats, but without sessions, signals or a database. For latency: the time until the request that
causes the notification is answered.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx
import psutil

from bench import servers
from container import Container
from domain import rate_limits
from domain.users import SignUp
from entrypoints.lifecycle import open_container
from entrypoints.rest.routes.notifications import HEARTBEAT_SECONDS
from entrypoints.settings import Settings

STREAMS = 1_000
MOST_OF_A_USER = rate_limits.STREAMS.slots
SECONDS = 60.0
ARRIVALS = 60
MARKS = {"core": 3.0, "statements": 20.0, "arrival": 100.0}
PASSWORD = "correct horse battery"  # noqa: S105 — of generated users


@dataclass(frozen=True)
class Idle:
    """Percent of one core, and statements per second."""

    core: float
    statements: float


async def bare_app(scope: Any, receive: Any, send: Any) -> None:
    """Keeps a stream open and sends heartbeats."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
    heartbeat = asyncio.create_task(send_heartbeats(send))
    while (await receive())["type"] != "http.disconnect":
        pass
    heartbeat.cancel()


async def send_heartbeats(send: Any) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})


async def create_users(home: Path, number: int) -> tuple[list[str], str]:
    """The tokens of `number` users, and the database's address. Passwords are stored in plain text, for speed."""
    settings = Settings(home=home, model_fetch="off", captions="off")
    async with open_container(Container(config={**settings.config(), "passwords": "memory"})) as container:
        tokens = []
        for serial in range(number):
            name = f"person_{serial}"
            await container.accounts().sign_up(SignUp(name, f"{name}@example.org", PASSWORD))
            tokens.append((await container.signing_in().sign_in(name, PASSWORD)).secret)
        return tokens, str(container.database().url)


class Stream:
    """One open stream. Every notification sets `notified`."""

    def __init__(self) -> None:
        self.notified = asyncio.Event()

    async def open(self, url: str, path: str, token: str) -> None:
        parts = urlsplit(url)
        self._reader, self._writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", f"Authorization: Bearer {token}", "", ""]
        self._writer.write("\r\n".join(lines).encode())
        head = await self._reader.readuntil(b": hello")
        if b" 200 " not in head.splitlines()[0]:
            raise RuntimeError(head.decode())
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while data := await self._reader.read(65536):
            if b"event: notification" in data:
                self.notified.set()

    async def close(self) -> None:
        self._reading.cancel()
        self._writer.close()
        await self._writer.wait_closed()


@asynccontextmanager
async def open_streams(url: str, path: str, tokens: list[str]) -> AsyncIterator[list[Stream]]:
    streams = [Stream() for _ in range(STREAMS)]
    for number, stream in enumerate(streams):
        await stream.open(url, path, tokens[number // MOST_OF_A_USER])
    try:
        yield streams
    finally:
        for stream in streams:
            await stream.close()


async def measure_idle(server: psutil.Process, statements: Callable[[], Awaitable[int]]) -> Idle:
    """Includes all processes of the server, over a time with several heartbeats and session checks."""
    await asyncio.sleep(20)  # until the first session check
    processor_before, statements_before, start = processor_seconds(server), await statements(), time.monotonic()
    await asyncio.sleep(SECONDS)
    seconds = time.monotonic() - start
    return Idle(
        (processor_seconds(server) - processor_before) / seconds * 100,
        (await statements() - statements_before) / seconds,
    )


def processor_seconds(server: psutil.Process) -> float:
    family = [server, *server.children(recursive=True)]
    times = [one.cpu_times() for one in family if "postgres" not in one.name()]
    return sum(one.user + one.system for one in times)


async def measure_arrivals(url: str, followers: list[str], streams: list[Stream]) -> tuple[list[float], list[float]]:
    """Milliseconds from a follow to its notification, and to the response."""
    arrivals, answers = [], []
    async with httpx.AsyncClient(base_url=url) as client:
        for number, token in enumerate(followers):
            stream = streams[number * MOST_OF_A_USER]
            start = time.perf_counter()
            headers = {"Authorization": f"Bearer {token}"}
            answer = asyncio.ensure_future(client.put(f"/v1/users/person_{number}/follow", headers=headers))
            await asyncio.wait_for(stream.notified.wait(), 30)
            arrivals.append((time.perf_counter() - start) * 1000)
            (await answer).raise_for_status()
            answers.append((time.perf_counter() - start) * 1000)
    return arrivals, answers


async def transactions(url: str) -> int:
    """The server's transactions so far. Each statement of the service is one."""
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        number: int = await connection.fetchval("select sum(xact_commit + xact_rollback)::bigint from pg_stat_database")
        return number
    finally:
        await connection.close()


async def measure_api(home: Path) -> tuple[Idle, list[float], list[float]]:
    tokens, url = await create_users(home, STREAMS // MOST_OF_A_USER + ARRIVALS)
    with servers.api(home, TINTYPE_RATE_LIMITS="on") as server:
        async with open_streams(server.url, "/v1/notifications/stream", tokens) as streams:
            cost = await measure_idle(psutil.Process(server.pid), lambda: transactions(url))
            return cost, *await measure_arrivals(server.url, tokens[-ARRIVALS:], streams)


async def measure_limit() -> Idle:
    async def none() -> int:
        return 0

    with servers.app("bench.streams:bare_app") as server:
        async with open_streams(server.url, "/", [""] * STREAMS):
            return await measure_idle(psutil.Process(server.pid), none)


def report(cost: Idle, limit: Idle, arrivals: list[float], answers: list[float]) -> str:
    rows = [
        ("percent of one core", cost.core, limit.core, MARKS["core"]),
        ("statements a second, in all", cost.statements, 0.0, MARKS["statements"]),
        ("ms until a notification arrives, p50", median(arrivals), median(answers), MARKS["arrival"]),
    ]
    about = (
        f"`make bench-streams`: {STREAMS:,} idle streams of {STREAMS // MOST_OF_A_USER} people at one process,"
        f" {SECONDS:.0f}\nseconds;"
        f" then {ARRIVALS} follows, one after the other, with all streams open. The limit of the first row is\n"
        "an application of a few lines that sends the same heartbeats. The limit of the last row is the\n"
        f"answer to the request that causes the notification. Both are of the same run, on {os.cpu_count()} cores."
    )
    lines = [
        "# Event streams",
        "",
        about,
        "",
        "| | Measured | Limit | Ratio | Target |",
        "|---|---:|---:|---:|---|",
    ]
    for name, measured, least, mark in rows:
        ratio = f"{measured / least:.1f}" if least else ""
        met = "met" if measured <= mark else "missed"
        lines.append(f"| {name} | {measured:.2f} | {least:.2f} | {ratio} | {met} (at most {mark:g}) |")
    return "\n".join(lines) + "\n"


def main(path: Path | None) -> None:
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the database runs as another user
        cost, arrivals, answers = asyncio.run(measure_api(home))
    text = report(cost, asyncio.run(measure_limit()), arrivals, answers)
    print(text)
    if path is not None:
        path.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
