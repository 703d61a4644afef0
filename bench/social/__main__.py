"""`python -m bench.social [REPORT [SIZE …]]`: pages and likes at several sizes, against the targets."""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from bench.social import costs, likes, reads, report, rest
from bench.social.data import open_dataset

SIZES = (20_000, 200_000, 2_000_000)


async def main(path: Path | None, sizes: tuple[int, ...]) -> None:
    read, liked, over_http, cost = {}, {}, {}, {}
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)  # as root, the database runs as another user  # noqa: ASYNC240
    try:
        for size in sizes:
            async with open_dataset(home / str(size), size) as data:
                print(f"{size:,} posts created", flush=True)
                read[size] = await reads.measure(data)
                print({name: round(value, 2) for name, value in read[size].items()}, flush=True)
                liked[size] = await likes.measure(data)
                print(liked[size], flush=True)
                if size == max(sizes):
                    cost = await costs.measure(data)
                    over_http = await asyncio.to_thread(rest.measure, data, home / str(size))
                if drift := await data.container.storage().counters.verify():
                    raise SystemExit(f"{len(drift)} counters differ from their rows")
            shutil.rmtree(home / str(size))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    result = report.Result(read, liked, over_http, cost)
    text = report.render(result)
    print(text)
    if path is not None:
        path.with_suffix(".md").write_text(text + "\n")
        report.plot(result, path.with_suffix(".png"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, tuple(map(int, sys.argv[2:])) or SIZES))
