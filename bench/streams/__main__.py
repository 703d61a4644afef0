"""Measures the cost of a thousand idle event streams, and the latency of notifications.

    PYTHONPATH=src:. python -m bench.streams docs/benchmarks/streams.md

The limit of the CPU time is an application of a few lines on the same server, with as many streams and the same
heartbeats, but without sessions, signals or a database. Both servers run at the same time, and each period measures
both. The limit of the latency is the time until the request that causes the notification is answered.
"""

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

import httpx
import psutil

from bench import servers
from bench.machine import QuietMachine
from bench.streams.report import ARRIVALS, MOST_OF_A_USER, SECONDS, STREAMS, Arrivals, Idle, report
from bench.targets import ROUNDS
from container import Container
from domain.users import SignUp
from entrypoints.lifecycle import open_container
from entrypoints.settings import Settings

PASSWORD = "correct horse battery"  # noqa: S105 — of generated users


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


async def measure_idle(server: psutil.Process, bare: psutil.Process, url: str) -> Idle:
    """Includes all processes of each server."""
    before, start = (processor_seconds(server), processor_seconds(bare), await transactions(url)), time.monotonic()
    await asyncio.sleep(SECONDS)
    after, seconds = (
        (processor_seconds(server), processor_seconds(bare), await transactions(url)),
        time.monotonic() - start,
    )
    core, bare_core, statements = ((late - early) / seconds for early, late in zip(before, after, strict=True))
    return Idle(core * 100, bare_core * 100, statements)


def processor_seconds(server: psutil.Process) -> float:
    family = [server, *server.children(recursive=True)]
    times = [one.cpu_times() for one in family if "postgres" not in one.name()]
    return sum(one.user + one.system for one in times)


async def measure_arrivals(url: str, followers: dict[int, str], streams: list[Stream]) -> Arrivals:
    """`followers`: the token of each user who follows the user of this number."""
    arrivals, answers = [], []
    async with httpx.AsyncClient(base_url=url) as client:
        for number, token in followers.items():
            stream = streams[number * MOST_OF_A_USER]
            start = time.perf_counter()
            headers = {"Authorization": f"Bearer {token}"}
            answer = asyncio.ensure_future(client.put(f"/v1/users/person_{number}/follow", headers=headers))
            await asyncio.wait_for(stream.notified.wait(), 30)
            arrivals.append((time.perf_counter() - start) * 1000)
            (await answer).raise_for_status()
            answers.append((time.perf_counter() - start) * 1000)
    return Arrivals(median(arrivals), median(answers))


async def transactions(url: str) -> int:
    """The server's transactions so far. Each statement of the service is one."""
    import asyncpg

    connection = await asyncpg.connect(url)
    try:
        number: int = await connection.fetchval("select sum(xact_commit + xact_rollback)::bigint from pg_stat_database")
        return number
    finally:
        await connection.close()


async def measure(home: Path) -> tuple[list[Idle], list[Arrivals]]:
    users = STREAMS // MOST_OF_A_USER
    tokens, database = await create_users(home, users + ROUNDS * ARRIVALS)
    followers = dict(enumerate(tokens[users:]))
    with servers.api(home, TINTYPE_RATE_LIMITS="on") as server, servers.app("bench.streams.bare:app") as bare:
        async with (
            open_streams(server.url, "/v1/notifications/stream", tokens) as streams,
            open_streams(bare.url, "/", [""] * STREAMS),
        ):
            await asyncio.sleep(20)  # until the first session check
            processes = psutil.Process(server.pid), psutil.Process(bare.pid)
            idle = [await measure_idle(*processes, database) for _ in range(ROUNDS)]
            arrivals = []
            for first in range(0, len(followers), ARRIVALS):
                batch = {number: followers[number] for number in range(first, first + ARRIVALS)}
                arrivals.append(await measure_arrivals(server.url, batch, streams))
            return idle, arrivals


def main(path: Path | None) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # this program holds the streams of both servers
    machine = QuietMachine()
    with tempfile.TemporaryDirectory(prefix="tintype-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)  # as root, the database runs as another user
        idle, arrivals = asyncio.run(measure(home))
    machine.finish()
    text = report(idle, arrivals, machine.lines)
    print(text)
    if path is not None:
        path.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
