"""`python -m bench.social [REPORT [SIZE …]]`: pages, searches and likes at several sizes, against the targets."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from bench.machine import QuietMachine
from bench.social import costs, likes, reads, report, rest, searches
from bench.social.data import Dataset, open_dataset

SIZES = (20_000, 200_000, 2_000_000)


async def main(path: Path | None, sizes: tuple[int, ...]) -> None:
    machine = QuietMachine()
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)  # as root, the database runs as another user  # noqa: ASYNC240
    try:
        async with AsyncExitStack() as stack:
            datasets = {
                size: await stack.enter_async_context(open_dataset(home / str(size), size)) for size in sorted(sizes)
            }
            result = await measure(datasets, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    machine.finish()
    text = report.render(result, machine.lines)
    print(text)
    if path is not None:
        path.with_suffix(".md").write_text(text + "\n")
        report.plot(result, path.with_suffix(".png"))


async def measure(datasets: Mapping[int, Dataset], home: Path) -> report.Result:
    size, largest = max(datasets.items())
    read = await reads.measure(datasets)
    searched = {number: await searches.measure(data) for number, data in datasets.items()}
    liked = await likes.measure(largest)
    over_http = await asyncio.to_thread(rest.measure, largest, home / str(size))
    cost = await costs.measure(largest)
    for data in datasets.values():
        if drift := await data.container.storage().counters.verify():
            raise SystemExit(f"{len(drift)} counters differ from their rows")
    return report.Result(read, searched, liked, over_http, cost)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, tuple(map(int, sys.argv[2:])) or SIZES))
