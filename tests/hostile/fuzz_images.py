"""`python -m tests.hostile.fuzz_images [MINUTES]`: damaged images through all decoders, until the time is over.

An upload must end in an image or in a domain error. Anything else is printed with the seed that reproduces the file,
and the exit code is 1.
"""

import itertools
import logging
import sys
import time
from collections import Counter

from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import DecodingTask
from adapters.pillow.small_image import small_image
from adapters.vips.processor import to_prepared_image
from domain.errors import DomainError
from domain.limits import Limits
from tests import colour_patches, sample_images
from tests.hostile import files
from tests.hostile.mutations import mutate

SEEDS = {
    "jpeg": sample_images.a_jpeg(), "progressive": sample_images.encode(files.noise(60, 40), "JPEG", progressive=True),
    "turned": sample_images.rotated_jpeg(6), "cmyk": sample_images.a_cmyk_jpeg(), "mpo": sample_images.an_mpo(),
    "profile": sample_images.a_jpeg_with_metadata(sample_images.a_profile()), "png": sample_images.a_png(),
    "palette": sample_images.a_png(mode="P"),
    "png16": files.transparent_rgb16(), "see-through": sample_images.a_transparent_png(),
    "webp": sample_images.a_webp(),
    "animated webp": sample_images.an_animation("WEBP"), "gif": sample_images.an_animation(),
    "small gif": files.small_frame_gif(),
    "avif": sample_images.an_avif(6), "avif sequence": sample_images.an_animation("AVIF"),
    "heic": sample_images.a_heic(6),
    "heic grid": files.heic_grid(),
    "pq png": colour_patches.a_png(colour_patches.cicp_chunk(9, 16)), "hlg avif": colour_patches.an_avif(9, 18),
    "pq heic": colour_patches.a_heic(9, 16),
    "gamma": colour_patches.a_grey_png(colour_patches.gama_chunk(1.0), alpha=True),
    "display p3": colour_patches.a_png(colour_patches.profile_chunk(colour_patches.display_p3())),
    "grey profile": colour_patches.a_grey_png(colour_patches.profile_chunk(colour_patches.grey_profile(1))),
    "ultra hdr": colour_patches.an_ultra_hdr(96, 64),
}  # fmt: skip
LIMITS = Limits()


class FaultRecorder(logging.Handler):
    """Records unexpected errors of decoders from the pool's log."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def try_decode(pool: DecodingPool, data: bytes, number: int) -> str:
    """The outcome: `taken`, or the code of a refusal."""
    try:
        if number % 3 == 0:
            small_image(pool, data, LIMITS.max_pixels, 720)
        elif number % 3 == 1:
            pool.decode(DecodingTask.NETWORK, LIMITS.max_pixels, data)
        else:
            to_prepared_image(pool.decode(DecodingTask.RENDITIONS, LIMITS.max_pixels, data), len(data))
    except DomainError as refusal:
        return refusal.code
    return "taken"


def run(numbers: range, minutes: float = float("inf")) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Counts by seed and outcome, and the faults."""
    faults, found = FaultRecorder(), list[str]()
    logging.getLogger("tintype.decoding").addHandler(faults)
    pool, counts = DecodingPool(processes=2), Counter[tuple[str, str]]()
    until = time.monotonic() + minutes * 60
    for number, (name, seed) in zip(numbers, itertools.cycle(SEEDS.items()), strict=False):
        if time.monotonic() > until:
            break
        try:
            counts[name, try_decode(pool, mutate(seed, number), number)] += 1
        except Exception as fault:  # noqa: BLE001 — that is what is looked for
            found.append(f"{name} {number}: {type(fault).__name__}: {fault}")
        found += [f"{name} {number}: {message}" for message in faults.messages]
        faults.messages.clear()
    pool.close()
    logging.getLogger("tintype.decoding").removeHandler(faults)
    return counts, found


def main(minutes: float) -> int:
    counts, found = run(range(time.time_ns() % 10**9, sys.maxsize), minutes)
    for (name, end), count in sorted(counts.items()):
        print(f"{name:<14} {end:<18} {count:>8,}")
    print(f"{sum(counts.values()):,} images, {len(found)} faults", *found, sep="\n")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0))
