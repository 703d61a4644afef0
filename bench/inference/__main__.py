"""`python -m bench.inference MODEL PHOTOGRAPHS [REPORT]`: five rounds of all measurements, and the medians against the
targets."""

import os
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from bench import servers
from bench.inference import limit
from bench.inference.report import Result, write
from bench.load import Load, load, request

ROUNDS = 5
SECONDS = 4.0
MANY = 16


def main(model: Path, photographs: Path, report: Path | None) -> None:
    images = [path.read_bytes() for path in sorted(photographs.glob("*.JPEG"))[:64]]
    home = Path(tempfile.mkdtemp(prefix="tintype-bench-"))
    try:
        weights = _install(home, model, photographs)
        result = _measure(home, weights, images)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    write(result, report)


def _install(home: Path, model: Path, photographs: Path) -> dict[str, Path]:
    os.environ["TINTYPE_HOME"] = str(home)
    from entrypoints.cli.__main__ import main as tintype

    for command in (["model", "install", str(model)], ["model", "quantize", "--calibrate", str(photographs)]):
        if tintype(command):
            raise SystemExit(f"tintype {' '.join(command)} failed")
    [folder] = [path.parent for path in home.glob("models/*/model.onnx")]
    return {"fp32": folder / "model.onnx", "int8": folder / "model.int8.onnx"}


def _measure(home: Path, weights: dict[str, Path], images: list[bytes]) -> Result:
    cores = os.cpu_count() or 1
    numbers: dict[str, list[float]] = defaultdict(list)
    for turn in range(ROUNDS):
        for precision, file in weights.items():
            numbers[f"limit {precision}"].append(limit.images_per_second(file, images, cores))
            numbers[f"one image {precision}"].append(limit.one_image_ms(file, images))
            with servers.ours(home, precision) as server:
                _record(numbers, f"ours {precision}", server, images)
        with servers.peer(weights["fp32"]) as server:
            _record(numbers, "peer fp32", server, images)
        print(f"round {turn + 1} of {ROUNDS}: " + _summary(numbers, -1), flush=True)
    return Result({name: median(values) for name, values in numbers.items()}, dict(numbers), cores)


def _record(numbers: dict[str, list[float]], name: str, server: servers.Server, images: list[bytes]) -> None:
    requests = [request("POST", f"{server.url}/v1/classify", one, content_type="image/jpeg") for one in images]
    one, many = (load(server.url, requests, connections, SECONDS) for connections in (1, MANY))
    _refuse_bad(name, one, many)
    numbers[f"{name}, 1"].append(one.per_second)
    numbers[f"{name}, 1 p50"].append(one.p50)
    numbers[f"{name}, 16"].append(many.per_second)
    numbers[f"{name}, 16 p99"].append(many.p99)
    numbers[f"{name} memory"].append(server.peak_mb)


def _refuse_bad(name: str, *loads: Load) -> None:
    if any(one.bad for one in loads):
        raise SystemExit(f"{name} returned errors: {loads}")


def _summary(numbers: dict[str, list[float]], turn: int) -> str:
    names = ("limit fp32", "ours fp32, 16", "ours int8, 16", "peer fp32, 16")
    return ", ".join(f"{name} {numbers[name][turn]:.0f}" for name in names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)  # noqa: PLR2004
