"""The worker's throughput with a backlog of images, against decoding and running the model alone.

`python -m bench.backfill MODEL PHOTOGRAPHS [REPORT]` (`make bench-backfill`). Each round measures the limit in this
process and the worker, in alternating order, with the same images, decoder and weights.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import asyncpg
import psutil

from adapters.decoding.pool import DecodingPool
from adapters.onnx.preprocessing import image_tensor
from adapters.onnx.sessions import CheckedSession, open_session
from bench.machine import QuietMachine
from bench.servers import CHECKOUT
from bench.targets import ROUNDS, Comparison, Target, overview, table
from container import Container
from domain.users import SignUp
from entrypoints.lifecycle import open_container

COUNT = 2_000
PHOTOGRAPHS = 100
PER_SECOND, SHARE_OF_LIMIT = 150.0, 0.75
LIMIT_SECONDS = 5.0
MAX_PIXELS = 100_000_000
CORES = os.cpu_count() or 1
TIMEOUT = 600
LIMIT, WORKER, COMMAND = "Limit: decode and run", "Worker", "`tintype model backfill`"

Measurement = tuple[int, float, float]
"""Images, seconds, and seconds of CPU time."""


@dataclass
class Side:
    """Images per second, and images per second of CPU time, of each round."""

    per_second: list[float] = field(default_factory=list)
    per_core_second: list[float] = field(default_factory=list)

    def add(self, images: int, seconds: float, core_seconds: float) -> None:
        self.per_second.append(images / seconds)
        self.per_core_second.append(images / core_seconds)

    @property
    def row(self) -> str:
        return f"{median(self.per_second):.0f} | {median(self.per_core_second):.0f}"


class Stopwatch:
    """Wall-clock time, and CPU time of these processes and of all that they started."""

    def __init__(self, *pids: int) -> None:
        self._processes = [psutil.Process(pid) for pid in pids]
        self._began, self._busy = time.perf_counter(), self._busy_seconds()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._began, self._busy_seconds() - self._busy

    def _busy_seconds(self) -> float:
        total = 0.0
        for process in self._processes:
            for one in [process, *process.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess):
                    total += sum(one.cpu_times()[:4])  # its own, and that of processes which have ended
        return total


def measure_limit(session: CheckedSession, images: list[bytes]) -> Measurement:
    """Decode and run one image per core, in batches of one, which is the fastest size on a CPU (ADR 14)."""
    pool = DecodingPool()
    for data in images[:CORES]:
        image_tensor(pool, data, MAX_PIXELS)
    watch = Stopwatch(os.getpid())
    stop = time.perf_counter() + LIMIT_SECONDS

    def work(start: int) -> int:
        count = 0
        while time.perf_counter() < stop:
            session.run(image_tensor(pool, images[(start + count) % len(images)], MAX_PIXELS))
            count += 1
        return count

    with ThreadPoolExecutor(CORES) as threads:
        done = sum(threads.map(work, range(CORES)))
    seconds, core_seconds = watch.read()
    pool.close()
    return done, seconds, core_seconds


async def measure_worker(url: str) -> Measurement:
    """Queue all images for a worker that waits, and wait until they are done."""
    connection = await asyncpg.connect(url)
    await connection.execute(_RESET.format(model="null"))  # no sweep finds them
    with _running([sys.executable, "-m", "entrypoints.worker", str(os.getpid())]) as pid:
        await asyncio.sleep(8)  # until it listens
        watch = Stopwatch(pid, await _postmaster(connection))
        await connection.execute(_QUEUE)
        await _wait_until_done(connection, COUNT)
        measurement = COUNT, *watch.read()
    await connection.close()
    return measurement


async def measure_command(url: str) -> Measurement:
    """Run `tintype model backfill` when all labels are by another model. Its start is not measured."""
    connection = await asyncpg.connect(url)
    await connection.execute(_RESET.format(model="'older@1'"))
    with _running([sys.executable, "-m", "entrypoints.cli", "model", "backfill"]) as pid:
        begun = COUNT - await _wait_until_done(connection, 1)
        watch = Stopwatch(pid, await _postmaster(connection))
        await _wait_until_done(connection, COUNT)
        measurement = begun, *watch.read()
    await connection.close()
    return measurement


async def _postmaster(connection: asyncpg.Connection) -> int:
    """Return the process id of the server, which has started the connection's process."""
    parent = psutil.Process(connection.get_server_pid()).parent()
    return parent.pid if parent else 0


async def _wait_until_done(connection: asyncpg.Connection, count: int) -> int:
    """Wait until at least `count` images are done, and return their number."""
    stop = time.perf_counter() + TIMEOUT
    while (done := int(await connection.fetchval(_DONE))) < count:
        if time.perf_counter() > stop:
            raise SystemExit(f"only {done} images are classified after {TIMEOUT} s")
        await asyncio.sleep(0.1)
    return done


@contextmanager
def _running(command: list[str]) -> Iterator[int]:
    paths = os.pathsep.join([str(CHECKOUT / "src"), str(CHECKOUT)])
    environment = os.environ | {"PYTHONPATH": paths}
    process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 — our own
    try:
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()


_RESET = """
truncate embeddings, image_labels, jobs.pgqueuer, jobs.pgqueuer_log;
update understandings set state = 'done', attempts = 0, model = {model}, error = null, next_attempt_at = null
"""
_QUEUE = """
with due as (
  update understandings set state = 'pending', next_attempt_at = now() where task = 'classification' returning image_id)
insert into jobs.pgqueuer (priority, status, entrypoint, payload, dedupe_key)
select 0, 'queued', 'classify', ('classification:' || image_id)::bytea, 'classification:' || image_id from due
"""
_DONE = "select count(*) from understandings where task = 'classification' and model <> 'older@1'"
_CLONE = """
with copies as (
  insert into images
  select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid()))).*
  from images i, generate_series(2, $1)
  returning id)
insert into understandings (image_id, task, state, attempts)
select id, task, 'done', 0 from copies, unnest(array['classification', 'caption']) as task
"""


async def fill(container: Container, images: list[bytes]) -> None:
    """Upload the photographs, and copy their rows until there are `COUNT` images."""
    ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse battery"))
    for data in images:
        await container.uploading().upload(ada.user.id, data)
    connection = await asyncpg.connect(container.database().url)
    await connection.execute(_CLONE.replace("$1", str(COUNT // len(images))))
    await connection.execute("analyze")
    await connection.close()


async def measure(container: Container, weights: Path, images: list[bytes]) -> dict[str, Side]:
    session = open_session(weights, "cpu")
    async with open_container(container):
        url = container.database().url
        await fill(container, images)
        measures: dict[str, Callable[[], Awaitable[Measurement]]] = {
            LIMIT: lambda: asyncio.to_thread(measure_limit, session, images),
            WORKER: lambda: measure_worker(url),
            COMMAND: lambda: measure_command(url),
        }
        sides = {name: Side() for name in measures}
        for turn in range(ROUNDS):
            for name in reversed(measures) if turn % 2 else measures:
                sides[name].add(*await measures[name]())
            print(f"round {turn + 1} of {ROUNDS}: { ({name: side.row for name, side in sides.items()}) }", flush=True)
    return sides


def report(sides: dict[str, Side], machine: list[str]) -> str:
    limit, worker = sides[LIMIT], sides[WORKER]
    targets = [
        Target(f"{COUNT:,} queued images, images/s", worker.per_second, PER_SECOND),
        Target("worker / limit", _ratios(worker, limit), SHARE_OF_LIMIT),
    ]
    comparisons = [
        Comparison(
            f"{name}: {COUNT:,} images",
            f"{median(side.per_second):.0f} images/s",
            _ratios(side, limit),
            f"{median(limit.per_second):.0f} images/s",
        )
        for name, side in sides.items()
        if side is not limit
    ]
    return "\n".join(
        [
            *_ABOUT.splitlines(),
            "",
            "| | Images per second | Images per core-second |",
            "|---|---|---|",
            *(f"| {name} | {side.row} |" for name, side in sides.items()),
            "",
            *table(targets),
            "",
            *overview(comparisons),
            "",
            *machine,
            "",
        ]
    )


def _ratios(side: Side, limit: Side) -> list[float]:
    return [ours / most for ours, most in zip(side.per_second, limit.per_second, strict=True)]


_ABOUT = f"""\
# Backlog of images

`make bench-backfill`: {COUNT:,} images, {PHOTOGRAPHS} different photographs of about 500 × 375, the
model in fp32 on {CORES} cores, captions off. The limit decodes with Tintype's decoding processes and runs ONNX
Runtime, one image per core, without a database, in the same rounds. A core-second is a second of CPU
time, of PostgreSQL too. The start of the command is not measured. The medians of {ROUNDS} rounds:"""


def main(model: Path, photographs: Path, to: Path | None) -> None:
    machine = QuietMachine()
    images = [path.read_bytes() for path in sorted(photographs.glob("*.JPEG"))[:PHOTOGRAPHS]]
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    os.environ |= {"TINTYPE_HOME": str(home), "TINTYPE_MODEL_FETCH": "off", "TINTYPE_CAPTIONS": "off"}
    from entrypoints.settings import Settings

    try:
        container = Container(config=Settings().config())
        container.installing().install(model, None)
        [weights] = home.glob("models/*/model.onnx")
        sides = asyncio.run(measure(container, weights, images))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    machine.finish()
    text = report(sides, machine.lines)
    print(text)
    if to is not None:
        to.write_text(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)  # noqa: PLR2004
