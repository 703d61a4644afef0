"""`python -m bench.uploads PHOTOGRAPHS [REPORT]`: CPU time and latency of the upload pipeline against Pillow, and the
memory of eight large concurrent uploads."""

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from io import BytesIO
from pathlib import Path
from statistics import median

import psutil
from PIL import Image

from adapters.decoding.pool import DecodingPool
from adapters.vips.processor import VipsImageProcessor
from bench.machine import QuietMachine
from bench.targets import Comparison, Target, overview, table
from bench.uploads import memory
from bench.uploads.baseline import BaselineImageProcessor
from domain.limits import Limits
from tests.hostile.files import tiny_webp

ROUNDS = 7
MAX_CPU, MAX_LATENCY, MAX_MEMORY = 0.45, 0.6, 1500.0
Pairs = Sequence[tuple[float, float]]
"""Milliseconds of each round: of Tintype, and of Pillow."""


def main(photographs: Path, report: Path | None) -> None:
    machine = QuietMachine()
    processor_ms, latency_ms = asyncio.run(_measure_rounds(_photograph(photographs)))
    usage = memory.measure()
    machine.finish()
    text = "\n".join(
        [
            "# Uploads",
            "",
            "`make bench-uploads`: one 12-megapixel JPEG into three renditions, without HTTP and database,",
            f"divided by the same with Pillow. {ROUNDS} rounds, and the side that goes first alternates.",
            "",
            *table(_targets(processor_ms, latency_ms, usage)),
            "",
            *overview(
                [
                    _comparison("Upload of 12 megapixels, three sizes: CPU time", processor_ms),
                    _comparison("Upload of 12 megapixels, three sizes: latency", latency_ms),
                ]
            ),
            "",
            *_memory_lines(usage),
            "",
            *machine.lines,
        ]
    )
    print(text)
    if report is not None:
        report.write_text(text + "\n")


async def _measure_rounds(data: bytes) -> tuple[Pairs, Pairs]:
    """Return CPU time and latency."""
    ours, pillow = VipsImageProcessor(Limits(), DecodingPool()).prepare, BaselineImageProcessor().prepare
    for prepare in (ours, pillow):
        await _measure(prepare, data)  # warms up
    rounds = []
    for turn in range(ROUNDS):
        if turn % 2:
            below, above = await _measure(pillow, data), await _measure(ours, data)
        else:
            above, below = await _measure(ours, data), await _measure(pillow, data)
        rounds.append((above, below))
    processor_ms, latency_ms = ([(above[at], below[at]) for above, below in rounds] for at in (0, 1))
    return processor_ms, latency_ms


def _targets(processor_ms: Pairs, latency_ms: Pairs, usage: memory.Memory) -> list[Target]:
    memory_name = f"peak memory of {memory.UPLOADS} uploads of 49 megapixels at once, MB (one round)"
    return [
        Target("CPU time / Pillow", _ratios(processor_ms), MAX_CPU, at_most=True),
        Target("latency / Pillow", _ratios(latency_ms), MAX_LATENCY, at_most=True),
        Target(memory_name, [usage.most], MAX_MEMORY, at_most=True),
    ]


def _comparison(name: str, pairs: Pairs) -> Comparison:
    ours, theirs = (median(pair[at] for pair in pairs) for at in (0, 1))
    return Comparison(name, f"{ours:.0f} ms", _ratios(pairs), peer=f"{theirs:.0f} ms (Pillow)")


def _ratios(pairs: Pairs) -> list[float]:
    return [above / below for above, below in pairs]


def _memory_lines(usage: memory.Memory) -> list[str]:
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(usage.answers).items()))
    levels = " | ".join(f"{level:,.0f}" for level in (usage.before, usage.most, usage.after))
    size = len(tiny_webp())
    return [
        f"{memory.UPLOADS} WebP of 49 megapixels with alpha ({size} bytes each) at once, in API and worker together:",
        "",
        "| before, MB | peak, MB | afterwards, MB | responses | seconds |",
        "|---|---|---|---|---|",
        f"| {levels} | {answers} | {usage.seconds:.0f} |",
    ]


def _photograph(folder: Path) -> bytes:
    """The largest photograph, scaled to 4032 × 3024."""
    largest = max(folder.glob("*.JPEG"), key=lambda path: path.stat().st_size)
    buffer = BytesIO()
    Image.open(largest).convert("RGB").resize((4032, 3024), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


async def _measure(prepare: Callable[[bytes], Awaitable[object]], data: bytes) -> tuple[float, float]:
    """Milliseconds of CPU time of this process and its children, and of wall-clock time."""
    before, began = _processor_time(), time.perf_counter()
    await prepare(data)
    return (_processor_time() - before) * 1000, (time.perf_counter() - began) * 1000


def _family() -> list[psutil.Process]:
    me = psutil.Process(os.getpid())
    return [me, *me.children(recursive=True)]


def _processor_time() -> float:
    """CPU seconds of all threads, including ended ones: the process clock of Linux (clock_getcpuclockid)."""
    return sum(time.clock_gettime(~one.pid << 3 | 2) for one in _family())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)  # noqa: PLR2004
