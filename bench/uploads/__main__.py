"""`python -m bench.uploads PHOTOGRAPHS [REPORT]`: CPU time and latency of the upload pipeline against Pillow, and the
memory of eight large concurrent uploads."""

import asyncio
import os
import sys
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from statistics import median

import psutil
from PIL import Image

from adapters.decoding.pool import DecodingPool
from adapters.vips.processor import VipsImageProcessor
from bench.uploads import memory
from bench.uploads.baseline import BaselineImageProcessor
from domain.image_processing import ImageProcessor
from domain.limits import Limits
from tests.hostile.files import tiny_webp

ROUNDS = 7
CPU_MARK, LATENCY_MARK, MEMORY_MARK = 0.45, 0.6, 1500.0


def main(photographs: Path, report: Path | None) -> None:
    data = _photograph(photographs)
    numbers: dict[str, list[tuple[float, float]]] = {"Pillow": [], "ours": []}
    processors: dict[str, ImageProcessor] = {
        "Pillow": BaselineImageProcessor(),
        "ours": VipsImageProcessor(Limits(), DecodingPool()),
    }
    for turn in range(ROUNDS + 1):
        for name, processor in processors.items():
            measured = asyncio.run(_measure(processor, data))
            if turn:  # the first round warms up
                numbers[name].append(measured)
    cpu, latency = ({name: median(row[at] for row in rows) for name, rows in numbers.items()} for at in (0, 1))
    text = "\n".join(
        [
            "# Uploads", "", "One 12-megapixel JPEG into three renditions; made by `make bench-uploads`.", "",
            "| | Pillow | ours | ratio | target |", "|---|---|---|---|---|",
            _line("CPU time, ms", cpu, CPU_MARK), _line("latency p50, ms", latency, LATENCY_MARK), "",
            *_memory_lines(memory.measure()),
        ]
    )  # fmt: skip
    print(text)
    if report is not None:
        report.write_text(text + "\n")


def _line(name: str, results: dict[str, float], mark: float) -> str:
    ours, theirs = results["ours"], results["Pillow"]
    return f"| {name} | {theirs:.0f} | {ours:.0f} | {ours / theirs:.2f} | ≤ {mark} |"


def _memory_lines(usage: memory.Memory) -> list[str]:
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(usage.answers).items()))
    levels = " | ".join(f"{level:,.0f}" for level in (usage.before, usage.most, usage.after))
    size = len(tiny_webp())
    return [
        f"{memory.UPLOADS} WebP of 49 megapixels with alpha ({size} bytes each) at once, in API and worker together:",
        "",
        f"| before, MB | peak, MB (target {MEMORY_MARK:,.0f}) | afterwards, MB | responses | seconds |",
        "|---|---|---|---|---|",
        f"| {levels} | {answers} | {usage.seconds:.0f} |",
    ]


def _photograph(folder: Path) -> bytes:
    """The largest photograph, scaled to 4032 × 3024."""
    largest = max(folder.glob("*.JPEG"), key=lambda path: path.stat().st_size)
    buffer = BytesIO()
    Image.open(largest).convert("RGB").resize((4032, 3024), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


async def _measure(processor: ImageProcessor, data: bytes) -> tuple[float, float]:
    """Milliseconds of CPU time of this process and its children, and of wall-clock time."""
    before, began = _processor_time(), time.perf_counter()
    await processor.prepare(data)
    return (_processor_time() - before) * 1000, (time.perf_counter() - began) * 1000


def _family() -> list[psutil.Process]:
    me = psutil.Process(os.getpid())
    return [me, *me.children(recursive=True)]


def _processor_time() -> float:
    """CPU seconds of all threads, including ended ones: the process clock of Linux (clock_getcpuclockid)."""
    return sum(time.clock_gettime(~one.pid << 3 | 2) for one in _family())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # noqa: PLR2004
