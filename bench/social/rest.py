"""Over HTTP: Tintype's API and the peer's routes on the same database, by the same server."""

import json
import subprocess
import time
from io import BytesIO
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import numpy as np
from PIL import Image

from bench import servers
from bench.load import Load, load, request
from bench.social.data import Dataset

SECONDS = 3.0
MANY = 32
LIKING = 48
UPLOADS = 15


def measure(filled: Dataset, home: Path) -> dict[str, float]:
    """Requests per second, milliseconds and megabytes, by name."""
    results: dict[str, float] = {}
    with servers.api(home) as api:
        api_url = f"{api.url}/v1"
        post = json.loads(_body(f"{api_url}/posts/{filled.posts[0]}"))
        ids = [str(post_id) for post_id in filled.posts[:500]]
        results["post, ours"] = _load(api.url, [f"{api_url}/posts/{one}" for one in ids], MANY).per_second
        results["most liked, ours, ms"] = _load(api.url, [f"{api_url}/rankings/most-liked"], 1).p50
        for name, wishes in _like_requests(filled).items():
            requests = [
                request("PUT", f"{api_url}/posts/{liked}/like", authorization=f"Bearer {token}")
                for liked, token in wishes
            ]
            results[f"likes, {name}"] = _require_success(load(api.url, requests, LIKING, SECONDS)).per_second
        results["resident, MB"] = api.peak_mb
        results["upload, ours, ms"] = _uploads(f"{api_url}/images", filled.tokens[0])
        results["resident with uploads, MB"] = api.peak_mb
        with servers.app("bench.social.peer:app", DATABASE=filled.url, POST=json.dumps(post)) as peer:
            results["post, peer"] = _load(peer.url, [f"{peer.url}/posts/{one}" for one in ids], MANY).per_second
            results["most liked, peer, ms"] = _load(peer.url, [f"{peer.url}/group-by"], 1).p50
    results["upload, limit, ms"] = _in_process()
    results["--help, s"] = _help()
    return results


def _like_requests(filled: Dataset) -> dict[str, list[tuple[str, str]]]:
    """No like occurs twice: a repeated like writes nothing."""
    posts, tokens = [str(post) for post in filled.posts], filled.tokens
    hot = [(posts[number // 10_000], token) for number, token in enumerate(tokens[:10_000] * 2)]
    spread = [(posts[1_000 + number % 10_000], token) for number, token in enumerate(tokens[:10_000] * 2)]
    spread[10_000:] = [(post, tokens[(number + 7) % 10_000]) for number, (post, _) in enumerate(spread[10_000:])]
    return {"one hot post": hot, "spread over many": spread}


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
    durations = []
    for _ in range(7):
        began = time.perf_counter()
        subprocess.run([str(servers.CHECKOUT / ".venv/bin/tintype"), "--help"], check=True, capture_output=True)  # noqa: S603
        durations.append(time.perf_counter() - began)
    return median(durations)
