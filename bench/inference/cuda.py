"""`python -m bench.inference.cuda MODEL PHOTOGRAPHS [REPORT]`: compares CUDA with the CPU, and measures throughput by
batch size and over HTTP. Needs an NVIDIA GPU."""

import asyncio
import csv
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from adapters.decoding.pool import DecodingPool
from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.network import OnnxNetwork
from adapters.onnx.preprocessing import image_tensor
from adapters.onnx.sessions import CheckedSession, open_session
from bench import servers
from bench.load import loads, request
from domain.limits import Limits

POOL = DecodingPool()
BATCHES = (1, 2, 4, 8, 16, 32, 64, 128)
CONNECTIONS = (1, 16, 64, 256)
ROUNDS = 5
SECONDS = 1.0
MANY = 256
MARK = 0.8
"""The target as a share of `session.run` with batches of 64."""
Images = NDArray[np.float32]
Lines = list[str]


def main(model: Path, photographs: Path, report: Path | None) -> None:
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    try:
        store = OnnxModelStore(home)
        store.install(model)
        lines = ["# Inference on CUDA", "", *_machine(), *_measure(home, store, photographs)]
    finally:
        shutil.rmtree(home, ignore_errors=True)
    print("\n".join(lines))
    if report is not None:
        report.write_text("\n".join(lines) + "\n")


def _machine() -> Lines:
    query = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    gpu = subprocess.run(query, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603 — no input
    return [
        f"{gpu}; {os.cpu_count()} cores; ONNX Runtime {ort.__version__}, fp32; made by `make bench-cuda`.",
        f"Medians of {ROUNDS} rounds.",
        "",
    ]


def _measure(home: Path, store: OnnxModelStore, photographs: Path) -> Lines:
    rows = list(csv.DictReader((photographs / "labels.csv").open(encoding="utf-8")))
    photos = [(photographs / row["file"]).read_bytes() for row in rows]
    images = np.concatenate([image_tensor(POOL, data, Limits().max_pixels) for data in photos])
    _, weights = store.weights("fp32")
    sessions = {device: open_session(weights, device) for device in ("cpu", "cuda")}
    truth = [int(row["class_index"]) for row in rows]
    by_batch = {size: _images_a_second(_session_run(sessions["cuda"], images, size)) for size in BATCHES}
    within = asyncio.run(_classify_in_process(store, photos))
    return [
        *_agreement(sessions, weights, images, truth),
        *_batches(by_batch, _images_a_second(_session_run(sessions["cpu"], images, 1))),
        *_serve_and_measure(home, photos, within, by_batch[64]),
    ]


def _agreement(sessions: dict[str, CheckedSession], weights: Path, images: Images, truth: list[int]) -> Lines:
    """Compares all photographs with the CPU."""
    cpu, cuda = (_probabilities(sessions[device].run(images)[0]) for device in ("cpu", "cuda"))
    rounded = _probabilities(_with_tf32(weights).run(None, {sessions["cuda"].input_name: images})[0])
    lines = [
        "| compared with the CPU | same best class | largest difference of a probability | top-1 |",
        "|---|---|---|---|",
    ]
    for name, found in (("CPU", cpu), ("CUDA", cuda), ("CUDA with TF32, which is off", rounded)):
        first, right = found.argmax(1), float((found.argmax(1) == np.array(truth)).mean())
        same = int((first == cpu.argmax(1)).sum())
        lines.append(f"| {name} | {same} of {len(images)} | {np.abs(found - cpu).max():.1e} | {right:.1%} |")
    return [*lines, ""]


def _probabilities(logits: Images) -> NDArray[np.float64]:
    """The probabilities of the 1,000 classes."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray((exponentials / exponentials.sum(axis=1, keepdims=True))[:, -1000:])


def _with_tf32(weights: Path) -> Any:
    return ort.InferenceSession(weights, providers=[("CUDAExecutionProvider", {"use_tf32": "1"})])


def _session_run(session: CheckedSession, images: Images, size: int) -> Callable[[], int]:
    batch = np.ascontiguousarray(np.resize(images, (size, *images.shape[1:])))

    def run() -> int:
        session.run(batch)
        return size

    return run


def _images_a_second(run: Callable[[], int]) -> float:
    return median(_run_for_a_second(run) for _ in range(ROUNDS))


def _run_for_a_second(run: Callable[[], int]) -> float:
    run()
    began, done = time.perf_counter(), 0
    while time.perf_counter() < began + SECONDS:
        done += run()
    return done / (time.perf_counter() - began)


def _batches(by_batch: dict[int, float], cpu: float) -> Lines:
    return [
        "| batch of ready tensors, one `session.run` after the other | images/s |",
        "|---|---|",
        f"| CPU, one core, 1 | {cpu:,.0f} |",
        *(f"| CUDA, {size} | {found:,.0f} |" for size, found in by_batch.items()),
        "",
    ]


async def _classify_in_process(store: OnnxModelStore, images: list[bytes]) -> float:
    """Images per second from bytes to labels, in one process without HTTP."""
    classifier = OnnxImageClassifier(OnnxNetwork(store, device="cuda", waiting=2 * MANY), Limits(), POOL)
    bodies, found = itertools.cycle(images), []
    for _ in range(ROUNDS):
        began, done = time.perf_counter(), 0

        async def one() -> None:
            nonlocal done
            while time.perf_counter() < began + SECONDS:  # noqa: B023 — ends within the round
                await classifier.classify(next(bodies))
                done += 1

        await asyncio.gather(*(one() for _ in range(MANY)))
        found.append(done / (time.perf_counter() - began))
    return median(found)


def _serve_and_measure(home: Path, images: list[bytes], within: float, limit: float) -> Lines:
    os.environ["TINTYPE_DEVICE"] = "cuda"
    lines = ["| `tintype inference` | images/s | p50, ms | p99, ms | images a batch |", "|---|---|---|---|---|"]
    best = 0.0
    for connections in CONNECTIONS:
        with servers.ours(home, "fp32") as server:
            requests = [
                request("POST", f"{server.url}/v1/classify", image, content_type="image/jpeg") for image in images
            ]
            found = loads(server.url, requests, connections, 4.0)
            mean = _mean_batch(server.url)
        if found.bad:
            raise SystemExit(f"errors: {found}")
        best = max(best, found.per_second)
        speed, p50, p99 = found.per_second, found.p50, found.p99
        lines.append(f"| {connections} connections | {speed:,.0f} | {p50:.1f} | {p99:.1f} | {mean:.1f} |")
    return [
        *lines,
        f"| the same without HTTP, {MANY} at once | {within:,.0f} | | | |",
        "",
        "| measurement | result | target | |",
        "|---|---|---|---|",
        _mark("decoded and run in one process / `session.run` at batch 64", within / limit),
        _mark("served / `session.run` at batch 64", best / limit),
    ]


def _mark(what: str, found: float) -> str:
    return f"| {what} | {found:.2f} | ≥ {MARK:g} | {'met' if found >= MARK else 'missed'} |"


def _mean_batch(url: str) -> float:
    """From the metrics of the service."""
    with urllib.request.urlopen(f"{url}/metrics") as answer:  # noqa: S310 — a local server
        text = answer.read().decode()
    name = 'tintype_inference_batches_total{size="'
    counts = [line.removeprefix(name).split('"} ') for line in text.splitlines() if line.startswith(name)]
    batches = sum(float(count) for _, count in counts)
    return sum(int(size) * float(count) for size, count in counts) / batches


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)  # noqa: PLR2004
