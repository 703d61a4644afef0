"""Reads over HTTP against raw routes: `python -m bench.reads [REPORT [POSTS]]`.

Each ratio comes from five alternations of both sides in one run.
"""

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench import servers
from bench.load import load, request
from bench.machine import QuietMachine
from bench.social.data import Dataset, open_dataset
from bench.targets import Target, alternate, table

POSTS = 20_000
SECONDS = 2.0
CONNECTIONS = 16
READER = "5,000 followees"
ONE_POST, PAGE_OF_POSTS = 0.8, 0.6
"""At least this share of the requests per second of a raw route."""


async def main(path: Path | None, posts: int) -> None:
    machine = QuietMachine()
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    home.chmod(0o755)  # as root the database server is another user  # noqa: ASYNC240
    try:
        async with open_dataset(home, posts) as data:
            targets = await asyncio.to_thread(measure, data, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    machine.finish()
    text = "\n".join(
        [
            "# Reads over HTTP",
            "",
            f"`make bench-reads`: requests per second of the API divided by those of a raw route, {CONNECTIONS}",
            f"connections, {posts:,} posts. The raw routes (`bench/reads/raw.py`) read the same rows with plain",
            "selects and answer the same JSON from dictionaries, without sessions and rules of visibility.",
            "",
            *table(targets),
            "",
            *machine.lines,
        ]
    )
    print(text)
    if path is not None:
        path.write_text(text + "\n")  # noqa: ASYNC240 — nothing else runs


def measure(data: Dataset, home: Path) -> list[Target]:
    targets = []
    with servers.api(home) as api:
        paths = _paths(data)
        pages = {name: _post_ids(f"{api.url}{path}", data.reader_tokens[READER]) for name, path in paths.items()}
        with servers.app("bench.reads.raw:app", DATABASE=data.url, PAGES=json.dumps(pages)) as raw:
            ids = [str(post_id) for post_id in data.posts[:500]]
            for who, headers in _viewers(data):
                cases = {"one post": ([f"/v1/posts/{one}" for one in ids], [f"/posts/{one}" for one in ids], ONE_POST)}
                for name, path in paths.items():
                    if name != "home" or headers:
                        cases[name] = ([path], [f"/pages/{name}"], PAGE_OF_POSTS)
                for name, (ours, theirs, limit) in cases.items():
                    ratios = alternate(
                        lambda ours=ours, headers=headers: _per_second(api.url, ours, headers),  # type: ignore[misc]
                        lambda theirs=theirs: _per_second(raw.url, theirs, {}),  # type: ignore[misc]
                    )
                    targets.append(Target(f"{name}, {who}", ratios, limit))
                    print(targets[-1].row, flush=True)
    return targets


def _paths(data: Dataset) -> dict[str, str]:
    return {
        "newest": "/v1/posts",
        "home": "/v1/feed",
        "profile": f"/v1/users/{data.author}/posts",
        "trending": "/v1/rankings/trending",
        "most-liked": "/v1/rankings/most-liked",
    }


def _viewers(data: Dataset) -> list[tuple[str, dict[str, str]]]:
    return [("anonymous", {}), ("signed in", {"authorization": f"Bearer {data.reader_tokens[READER]}"})]


def _post_ids(url: str, token: str) -> list[str]:
    asked = Request(url, headers={"Authorization": f"Bearer {token}"})  # noqa: S310 — our own
    with urlopen(asked) as answer:  # noqa: S310 — our own
        items: list[dict[str, Any]] = json.load(answer)["items"]
    if not items:
        raise SystemExit(f"{url} is empty")
    return [item.get("post", item)["id"] for item in items]


def _per_second(url: str, paths: list[str], headers: dict[str, str]) -> float:
    found = load(url, [request("GET", f"{url}{path}", **headers) for path in paths], CONNECTIONS, SECONDS)
    if found.bad:
        raise SystemExit(f"bad answers from {url}{paths[0]}: {found}")
    return found.per_second


if __name__ == "__main__":
    arguments = sys.argv[1:]
    asyncio.run(main(Path(arguments[0]) if arguments else None, int(arguments[1]) if arguments[1:] else POSTS))
