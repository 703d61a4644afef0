"""The time until the program is ready, and the memory of its processes: `python -m bench.start [REPORT]`.

The limits are an empty Python program, and `pg_ctl start` on the same data.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import psutil

from adapters.embedded.paths import ClusterPaths
from adapters.embedded.server import binaries
from bench.machine import QuietMachine
from bench.targets import ROUNDS, Comparison, Target, overview, table
from tests.e2e.program import Program, free_port

REQUESTS = 100
SETTLING_SECONDS = 4.0
"""Seconds until the worker and the decoders are loaded too."""
Numbers = dict[str, list[float]]


def main(report: Path | None) -> None:
    machine = QuietMachine()
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)  # as root the database server is another user
    try:
        numbers = _measure(Program(home, free_port()))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    machine.finish()
    lines = ["# Start and memory", "", *_ABOUT, "", *table(_targets(numbers)), "", *overview(_comparisons(numbers))]
    memory = f"All processes without PostgreSQL have {median(numbers['all']):.0f} MB (PSS: shared pages count once)."
    text = "\n".join([*lines, "", memory, "", *machine.lines])
    print(text)
    if report is not None:
        report.write_text(text + "\n")


def _measure(program: Program) -> Numbers:
    numbers: Numbers = defaultdict(list)
    with _serve(program):  # creates the database and the model
        time.sleep(SETTLING_SECONDS)
    for turn in range(ROUNDS):
        sides = (_measure_limits, _measure_program)
        for side in reversed(sides) if turn % 2 else sides:
            side(numbers, program)
        print({name: round(values[-1], 3) for name, values in numbers.items()}, flush=True)
    return numbers


def _measure_limits(numbers: Numbers, program: Program) -> None:
    numbers["python -c pass"].append(_seconds([sys.executable, "-c", "pass"]))
    data = ClusterPaths.under(program.home).data
    owner = data.stat().st_uid
    with tempfile.TemporaryDirectory() as sockets:
        shutil.chown(sockets, owner)
        control = [str(binaries() / "pg_ctl"), "-D", str(data), "-w", "-o", f"-h '' -k {sockets}"]
        numbers["pg_ctl start"].append(_seconds([*control, "start"], user=owner))
        _seconds([*control, "stop"], user=owner)


def _measure_program(numbers: Numbers, program: Program) -> None:
    numbers["--help"].append(_seconds([program.command, "--help"], environment=program.environment))
    began = time.perf_counter()
    with _serve(program) as served:
        numbers["serve"].append(time.perf_counter() - began)
        time.sleep(SETTLING_SECONDS)
        for _ in range(REQUESTS):
            _get(program, "/v1/posts")
        [api] = [child for child in served.children() if "serve" in child.cmdline()]
        numbers["API"].append(api.memory_info().rss / 1e6)
        numbers["all"].append(sum(one.memory_full_info().pss for one in _family(served)) / 1e6)
        numbers["user list"].append(_seconds([program.command, "user", "list"], environment=program.environment))


@contextmanager
def _serve(program: Program) -> Iterator[psutil.Process]:
    """Yield the main process when the service is ready."""
    with subprocess.Popen(  # noqa: S603 — our own
        [program.command, "serve"], env=program.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            while not _is_ready(program):
                if process.poll() is not None:
                    raise SystemExit(f"tintype serve ended with {process.returncode}")
                time.sleep(0.01)
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _is_ready(program: Program) -> bool:
    try:
        _get(program, "/readyz")
    except OSError:
        return False
    return True


def _get(program: Program, path: str) -> None:
    with urlopen(f"http://127.0.0.1:{program.port}{path}", timeout=5) as answer:
        answer.read()


def _family(served: psutil.Process) -> list[psutil.Process]:
    """All processes without those of PostgreSQL."""
    return [one for one in (served, *served.children(recursive=True)) if "postgres" not in one.name()]


def _seconds(command: Sequence[str], environment: dict[str, str] | None = None, user: int | None = None) -> float:
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 — our own
        command, env=environment, user=user, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - began


def _targets(numbers: Numbers) -> list[Target]:
    return [
        Target("`tintype serve` from a stopped database to ready, s", numbers["serve"], 2.5, at_most=True),
        Target(f"API process after {REQUESTS} requests, resident MB", numbers["API"], 150, at_most=True),
        Target("`tintype --help`, s", numbers["--help"], 0.1, at_most=True),
        Target("`tintype user list` while the service runs, s", numbers["user list"], 0.6, at_most=True),
    ]


def _comparisons(numbers: Numbers) -> list[Comparison]:
    rows = [
        ("Start of the service", "serve", "pg_ctl start"),
        ("`tintype --help`", "--help", "python -c pass"),
        ("`tintype user list`", "user list", "python -c pass"),
    ]
    return [
        Comparison(
            name,
            f"{median(numbers[ours]):.2f} s",
            [above / below for above, below in zip(numbers[ours], numbers[limit], strict=True)],
            f"{median(numbers[limit]):.2f} s (`{limit}`)",
        )
        for name, ours, limit in rows
    ]


_ABOUT = (
    f"`make bench-start`: {ROUNDS} rounds with an existing database and the default model. Ready means that",
    "`/readyz` answers 200. The limits are an empty Python program, and `pg_ctl start` on the same data.",
)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
