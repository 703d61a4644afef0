"""`python -m bench.inference MODEL PHOTOGRAPHS [REPORT]`: five rounds of all measurements. Each round gives one ratio
for each target, and the order of the sides alternates."""

import os
import shutil
import sys
import tempfile
from collections import defaultdict
from functools import partial
from pathlib import Path

from bench import servers
from bench.inference import limit
from bench.inference.report import Result, write
from bench.load import Load, load, request
from bench.machine import QuietMachine
from bench.targets import ROUNDS

SECONDS = 2.0
MANY = 16
Numbers = dict[str, list[float]]


def main(model: Path, photographs: Path, report: Path | None) -> None:
    machine = QuietMachine()
    images = [path.read_bytes() for path in sorted(photographs.glob("*.JPEG"))[:64]]
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    try:
        weights = _install(home, model, photographs)
        result = _measure(home, weights, images)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    machine.finish()
    write(result, machine.lines, report)


def _install(home: Path, model: Path, photographs: Path) -> dict[str, Path]:
    os.environ["TINTYPE_HOME"] = str(home)
    from entrypoints.cli.__main__ import main as tintype

    for command in (["model", "install", str(model)], ["model", "quantize", "--calibrate", str(photographs)]):
        if tintype(command):
            raise SystemExit(f"tintype {' '.join(command)} failed")
    [folder] = [path.parent for path in home.glob("models/*/model.onnx")]
    return {"fp32": folder / "model.onnx", "int8": folder / "model.int8.onnx"}


def _measure(home: Path, weights: dict[str, Path], images: list[bytes]) -> Result:
    numbers: Numbers = defaultdict(list)
    for turn in range(ROUNDS):
        sides = [
            *(partial(_measure_limit, numbers, precision, file, images) for precision, file in weights.items()),
            *(partial(_measure_service, numbers, precision, home, images) for precision in weights),
            partial(_measure_peer, numbers, weights["fp32"], images),
        ]
        for side in reversed(sides) if turn % 2 else sides:
            side()
        print(f"round {turn + 1} of {ROUNDS}: " + _summary(numbers), flush=True)
    return Result(dict(numbers), os.cpu_count() or 1)


def _measure_limit(numbers: Numbers, precision: str, weights: Path, images: list[bytes]) -> None:
    numbers[f"limit {precision}"].append(limit.images_per_second(weights, images, os.cpu_count() or 1, SECONDS))
    numbers[f"one image {precision}"].append(limit.one_image_ms(weights, images))


def _measure_service(numbers: Numbers, precision: str, home: Path, images: list[bytes]) -> None:
    with servers.ours(home, precision) as server:
        _record(numbers, f"Tintype {precision}", server, images)


def _measure_peer(numbers: Numbers, weights: Path, images: list[bytes]) -> None:
    with servers.peer(weights) as server:
        _record(numbers, "peer fp32", server, images)


def _record(numbers: Numbers, name: str, server: servers.Server, images: list[bytes]) -> None:
    requests = [request("POST", f"{server.url}/v1/classify", one, content_type="image/jpeg") for one in images]
    one, many = (load(server.url, requests, connections, SECONDS) for connections in (1, MANY))
    _refuse_bad(name, one, many)
    numbers[f"{name}, 1"].append(one.per_second)
    numbers[f"{name}, 1 p50"].append(one.p50)
    numbers[f"{name}, 16"].append(many.per_second)
    numbers[f"{name}, 16 p99"].append(many.p99)
    numbers[f"{name}, 16 client"].append(many.client_ms)
    numbers[f"{name} memory"].append(server.peak_mb)


def _refuse_bad(name: str, *loads: Load) -> None:
    if any(one.bad for one in loads):
        raise SystemExit(f"{name} returned errors: {loads}")


def _summary(numbers: Numbers) -> str:
    names = ("limit fp32", "limit int8", "Tintype fp32, 16", "Tintype int8, 16", "peer fp32, 16")
    return ", ".join(f"{name} {numbers[name][-1]:.0f}" for name in names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)  # noqa: PLR2004
