"""Reads over HTTP against raw routes: `python -m bench.reads [REPORT [POSTS]]`.

Each ratio comes from five rounds in one run, and each round from several alternations of both sides.
"""

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from adapters.postgres.sampling.words import word
from bench import servers
from bench.load import load, request
from bench.machine import QuietMachine
from bench.social.data import Dataset, open_dataset
from bench.targets import Target, alternate, table

POSTS = 20_000
SECONDS, WARM_UP, SLICES = 0.5, 0.2, 6
"""Of each side in each round."""
CONNECTIONS = 16
WORD = word(1, 0)
"""It is in every thirtieth post."""
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
            f"connections, {posts:,} posts. The raw routes (`bench/reads/raw.py`) read the same rows with one",
            "statement, whose plan is kept, and answer the same JSON from dictionaries, without sessions and",
            "rules of visibility. The posts of a page, its ranks and its cursor are given to them. A round has",
            f"{SLICES} alternations of both sides, of {SECONDS:g} seconds.",
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
    tokens, viewers = {"anonymous": "", "signed-in": data.reader_tokens[READER]}, {"anonymous": None}
    viewers["signed-in"] = str(data.readers[READER])
    one_post = [f"/posts/{post_id}" for post_id in data.posts[:500]]
    with servers.api(home) as api:
        chosen = {}
        for who, token in tokens.items():
            for name, path in _paths(data, who).items():
                chosen[f"{who}/{name}"] = _without_posts(_get(f"{api.url}{path}", token))
        environment = {"PAGES": json.dumps(chosen), "VIEWERS": json.dumps(viewers)}
        with servers.app("bench.reads.raw:app", DATABASE=data.url, **environment) as raw:
            for who, token in tokens.items():
                raw_posts = [f"/{who}{path}" for path in one_post]
                cases = {"one post": ([f"/v1{path}" for path in one_post], raw_posts, ONE_POST)}
                for name, path in _paths(data, who).items():
                    cases[name] = ([path], [f"/{who}/pages/{name}"], PAGE_OF_POSTS)
                for name, (ours, theirs, limit) in cases.items():
                    _require_same(_get(f"{api.url}{ours[0]}", token), _get(f"{raw.url}{theirs[0]}"))
                    ratios = alternate(
                        lambda ours=ours, token=token: _per_second(api.url, ours, token),  # type: ignore[misc]
                        lambda theirs=theirs: _per_second(raw.url, theirs),  # type: ignore[misc]
                        slices=SLICES,
                    )
                    targets.append(Target(f"{name}, {who}", ratios, limit))
                    print(targets[-1].row, flush=True)
    return targets


def _paths(data: Dataset, who: str) -> dict[str, str]:
    paths = {
        "newest": "/v1/posts",
        "home": "/v1/feed",
        "profile": f"/v1/users/{data.author}/posts",
        "trending": "/v1/rankings/trending",
        "most-liked": "/v1/rankings/most-liked",
        "search": f"/v1/search?q={WORD}",
    }
    return {name: path for name, path in paths.items() if who != "anonymous" or name != "home"}


def _without_posts(page: Any) -> Any:
    """Return the page with the ids of its posts in their place."""
    if not page["items"]:
        raise SystemExit("a page is empty")
    items = [{**item, "post": item["post"]["id"]} if "post" in item else item["id"] for item in page["items"]]
    return {**page, "items": items}


def _require_same(ours: Any, theirs: Any) -> None:
    """End the program unless both sides gave the same posts. Scores and cursors of rankings change with time."""
    one, other = _posts_of(ours), _posts_of(theirs)
    if one != other or ours.keys() != theirs.keys():
        raise SystemExit(f"the answers differ: {one} and {other}")


def _posts_of(answer: Any) -> list[Any]:
    return [item.get("post", item) for item in answer.get("items", [answer])]


def _headers(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"} if token else {}


def _get(url: str, token: str = "") -> Any:
    asked = Request(url, headers=_headers(token))  # noqa: S310 — our own
    with urlopen(asked) as answer:  # noqa: S310 — our own
        return json.load(answer)


def _per_second(url: str, paths: list[str], token: str = "") -> float:
    found = load(
        url, [request("GET", f"{url}{path}", **_headers(token)) for path in paths], CONNECTIONS, SECONDS, WARM_UP
    )
    if found.bad:
        raise SystemExit(f"bad answers from {url}{paths[0]}: {found}")
    return found.per_second


if __name__ == "__main__":
    arguments = sys.argv[1:]
    asyncio.run(main(Path(arguments[0]) if arguments else None, int(arguments[1]) if arguments[1:] else POSTS))
