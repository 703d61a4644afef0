"""Over HTTP: Tintype's API and the peer's routes on the same database, by the same server."""

import json
import subprocess
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np
from PIL import Image

from bench import servers
from bench.load import Load, load, request
from bench.social.data import Dataset
from bench.targets import ROUNDS, alternate
from domain.ids import PostId

SECONDS = 2.0
MANY = 32
LIKING = 48
UPLOADS = 5


def measure(filled: Dataset, home: Path) -> dict[str, list[float]]:
    """Ratios, milliseconds and megabytes, by name: one for each round, or one in all."""
    results: dict[str, list[float]] = {}
    with servers.api(home) as api:
        api_url = f"{api.url}/v1"
        post = json.loads(_body(f"{api_url}/posts/{filled.posts[0]}"))
        ids = [str(post_id) for post_id in filled.posts[:500]]
        with servers.app("bench.social.peer:app", DATABASE=filled.url, POST=json.dumps(post)) as peer:
            results["post, ours / peer"] = alternate(
                lambda: _load(api.url, [f"{api_url}/posts/{one}" for one in ids], MANY).per_second,
                lambda: _load(peer.url, [f"{peer.url}/posts/{one}" for one in ids], MANY).per_second,
            )
            results["most liked, peer / ours"] = alternate(
                lambda: _load(peer.url, [f"{peer.url}/group-by"], 1).p50,
                lambda: _load(api.url, [f"{api_url}/rankings/most-liked"], 1).p50,
            )
        hot, spread = _like_requests(filled, f"{api_url}/posts")
        results["likes, hot / spread"] = alternate(
            lambda: _require_success(load(api.url, next(hot), LIKING, SECONDS)).per_second,
            lambda: _require_success(load(api.url, next(spread), LIKING, SECONDS)).per_second,
        )
        results["resident, MB"] = [api.peak_mb]
        token = filled.tokens[0]
        results["upload, ours / limit"] = alternate(lambda: _uploads(f"{api_url}/images", token), _in_process)
        results["resident with uploads, MB"] = [api.peak_mb]
    results["--help, s"] = [_help() for _ in range(ROUNDS)]
    return results


def _like_requests(filled: Dataset, url: str) -> tuple[Iterator[list[bytes]], Iterator[list[bytes]]]:
    """For each round the requests of likes of one post, and of likes of many. No like occurs twice: a repeated like
    writes nothing."""
    posts, tokens = filled.posts, filled.tokens[:10_000]

    def put(post: PostId, token: str) -> bytes:
        return request("PUT", f"{url}/{post}/like", authorization=f"Bearer {token}")

    hot = ([put(posts[number], token) for token in tokens] for number in range(ROUNDS))
    spread = (
        [put(posts[1_000 + (index + 7 * number) % 10_000], token) for index, token in enumerate(tokens)]
        for number in range(ROUNDS)
    )
    return hot, spread


def _load(url: str, urls: list[str], connections: int) -> Load:
    return _require_success(load(url, [request("GET", one) for one in urls], connections, SECONDS))


def _require_success(result: Load) -> Load:
    if result.bad:
        raise SystemExit(f"errors: {result}")
    return result


def _body(url: str) -> bytes:
    with urlopen(url) as answer:  # noqa: S310 — a local server
        body: bytes = answer.read()
    return body


def _image(seed: int) -> bytes:
    """12 megapixels, with as much detail as a photograph."""
    generator = np.random.default_rng(seed)
    coarse = generator.integers(0, 255, (300, 400, 3), dtype=np.uint8)
    buffer = BytesIO()
    Image.fromarray(coarse).resize((4000, 3000), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def _uploads(url: str, token: str) -> float:
    from urllib.request import Request

    durations = []
    for number in range(UPLOADS):
        body = b"--x\r\nContent-Disposition: form-data; name=file; filename=a.jpg\r\n\r\n" + _image(number)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
        upload = Request(url, body + b"\r\n--x--\r\n", headers, method="POST")  # noqa: S310 — a local server
        began = time.perf_counter()
        with urlopen(upload) as answer:  # noqa: S310 — a local server
            answer.read()
        durations.append((time.perf_counter() - began) * 1000)
    return median(durations)


def _in_process() -> float:
    """One decoding and three renditions by Pillow: the minimum work of an upload."""
    durations = []
    for number in range(UPLOADS):
        data = _image(number)
        began = time.perf_counter()
        image = Image.open(BytesIO(data)).convert("RGB")
        for side in (2048, 1080, 320):
            image.thumbnail((side, side), Image.Resampling.LANCZOS)
            image.save(BytesIO(), "JPEG", quality=85)
        durations.append((time.perf_counter() - began) * 1000)
    return median(durations)


def _help() -> float:
    began = time.perf_counter()
    subprocess.run([str(servers.CHECKOUT / ".venv/bin/tintype"), "--help"], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - began
