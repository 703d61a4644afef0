"""Damaged copies of image files, reproducible by seed."""

import random
from collections.abc import Callable

Mutation = Callable[[random.Random, bytearray], None]
_INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)


def mutate(original: bytes, number: int) -> bytes:
    rng = random.Random(number)  # noqa: S311 — no secret
    data = bytearray(original)
    for _ in range(rng.randint(1, 6)):
        rng.choice(_KINDS)(rng, data)
    return bytes(data)


def _flip(rng: random.Random, data: bytearray) -> None:
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _replace(rng: random.Random, data: bytearray) -> None:
    """Mostly near the beginning, where headers are."""
    data[rng.randrange(min(len(data), 400))] = rng.choice(_INTERESTING)


def _number(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    data[at : at + 4] = rng.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data), rng.getrandbits(32))).to_bytes(4)


def _cut(rng: random.Random, data: bytearray) -> None:
    if len(data) > 2:
        del data[rng.randrange(1, len(data)) :]


def _remove(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    if len(data) > 64:
        del data[at : at + rng.randint(1, 32)]


def _repeat(rng: random.Random, data: bytearray) -> None:
    at = rng.randrange(len(data))
    data[at:at] = data[at : at + rng.randint(1, 200)] * rng.randint(1, 4)


_KINDS: tuple[Mutation, ...] = (_flip, _flip, _replace, _replace, _number, _cut, _remove, _repeat)
