"""`python -m bench.overview DATA FOLDER`: runs all benchmarks, and writes FOLDER/README.md from their reports.

`python -m bench.overview --reports FOLDER` only writes it again. A benchmark that fails, for instance because other
work is running, leaves its former report, and the exit code is 1.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.targets import OVERVIEW_HEAD, TABLE_HEAD


@dataclass(frozen=True)
class Benchmark:
    """`arguments` of `python -m bench.NAME`, before the report. `{data}` is the folder of photographs and model."""

    name: str
    question: str
    arguments: tuple[str, ...] = ()
    suffix: str = ".md"


BENCHMARKS = (
    Benchmark("start", "How long does the start take, and how much memory do the processes need?"),
    Benchmark("reads", "How many requests per second do pages take, compared with raw routes?"),
    Benchmark("social", "What do feeds, rankings and likes cost at up to 2,000,000 posts?", suffix=""),
    Benchmark(
        "inference",
        "How many images per second, compared with the limit and with another server?",
        ("{data}/model/mobilenet_v2_1.0_224.onnx", "{data}/images"),
        suffix="",
    ),
    Benchmark(
        "backfill",
        "How fast does the worker classify a backlog?",
        ("{data}/model/mobilenet_v2_1.0_224.onnx", "{data}/images"),
    ),
    Benchmark("uploads", "What does an upload cost, and how much memory?", ("{data}/images",)),
    Benchmark("similar", "How many of the nearest images does the index find?"),
    Benchmark("streams", "What do 1,000 open streams cost?"),
    Benchmark("page", "How fast and how large are the pages in a browser?"),
)


def main(arguments: list[str]) -> int:
    if arguments[0] == "--reports":
        write(Path(arguments[1]))
        return 0
    data, folder = arguments
    failed = [benchmark.name for benchmark in BENCHMARKS if not run(benchmark, data, Path(folder))]
    write(Path(folder))
    if failed:
        print(f"without a new report: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def run(benchmark: Benchmark, data: str, folder: Path) -> bool:
    """Return whether there is a new report."""
    began = time.monotonic()
    arguments = [argument.format(data=data) for argument in benchmark.arguments]
    report = str(folder / f"{benchmark.name}{benchmark.suffix}")
    ran = subprocess.run([sys.executable, "-m", f"bench.{benchmark.name}", *arguments, report], check=False)  # noqa: S603 — our own
    print(f"{benchmark.name}: {time.monotonic() - began:.0f} s, exit code {ran.returncode}", flush=True)
    return ran.returncode == 0


def write(folder: Path) -> None:
    (folder / "README.md").write_text("\n".join(_lines(folder)) + "\n")


def _lines(folder: Path) -> Iterator[str]:
    yield from (*_ABOUT.splitlines(), "")
    reports = {one: folder / f"{one.name}.md" for one in BENCHMARKS if (folder / f"{one.name}.md").is_file()}
    yield from ("| Page | Question |", "|---|---|")
    yield from (f"| [{_title(path)}]({path.name}) | {one.question} |" for one, path in reports.items())
    yield "| [Container images](images.md) | How large are the images? (`make test-images`) |"
    yield from ("", "## Comparisons", "", *_COMPARISONS.splitlines(), "", *OVERVIEW_HEAD)
    for path in reports.values():
        yield from _rows(path, OVERVIEW_HEAD)
    head, rule = TABLE_HEAD
    yield from ("", "## Targets", "", *_TARGETS.splitlines(), "", f"| Page {head}", f"|---{rule}")
    for path in reports.values():
        yield from (f"| [{path.stem}]({path.name}) {row}" for row in _rows(path, TABLE_HEAD))


def _title(report: Path) -> str:
    return report.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")


def _rows(report: Path, head: tuple[str, ...]) -> Iterator[str]:
    """Yield the rows of the tables with this head."""
    is_inside = False
    for line in report.read_text(encoding="utf-8").splitlines():
        is_inside = line == head[0] or (is_inside and line.startswith("|"))
        if is_inside and line not in head:
            yield line


_ABOUT = """\
# Benchmarks

`make bench` runs all benchmarks and writes this page from their reports. It takes up to 45 minutes,
9 GB of disk and a quiet machine: a benchmark refuses its report if other work is running before or
after it. `make help` lists a target for each of them. Client, server and database run on the same
two CPU cores. Timings depend on the machine; compare only numbers of one run.

`make bench DATA=FOLDER` reads photographs and a model: `FOLDER/images` and
`FOLDER/model/mobilenet_v2_1.0_224.onnx`. `tintype bench fill` fills an empty database with
generated data of any size: 200,000 users, 2,000,000 posts and 5,000,000 likes took two minutes.
There are no results on a GPU."""

_COMPARISONS = """\
The physical limit is the least that any implementation must do. The peer is a common implementation
of the same call, run as its documentation recommends. Numbers are medians of at least five rounds
of one run. The ratio is Tintype's number divided by the limit, or by the peer where no limit was
measured: median (minimum–maximum). Reports that are not converted to rounds yet have no row here."""

_TARGETS = """\
Each row has at least five rounds. A target is met only if the worst round meets it."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
