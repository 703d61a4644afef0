"""Damaged copies of image files: the same number, the same damage."""

import random
from collections.abc import Callable

Mutate = Callable[[random.Random, bytearray], None]
_INTERESTING = (0, 1, 0x7F, 0x80, 0xFF)


def mutated(original: bytes, number: int) -> bytes:
    rnd = random.Random(number)  # noqa: S311 — no secret
    data = bytearray(original)
    for _ in range(rnd.randint(1, 6)):
        rnd.choice(_KINDS)(rnd, data)
    return bytes(data)


def _flip(rnd: random.Random, data: bytearray) -> None:
    data[rnd.randrange(len(data))] ^= 1 << rnd.randrange(8)


def _replace(rnd: random.Random, data: bytearray) -> None:
    """Near the beginning, where headers are."""
    data[rnd.randrange(min(len(data), 400))] = rnd.choice(_INTERESTING)


def _number(rnd: random.Random, data: bytearray) -> None:
    at = rnd.randrange(len(data))
    data[at : at + 4] = rnd.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, len(data), rnd.getrandbits(32))).to_bytes(4)


def _cut(rnd: random.Random, data: bytearray) -> None:
    if len(data) > 2:
        del data[rnd.randrange(1, len(data)) :]


def _remove(rnd: random.Random, data: bytearray) -> None:
    at = rnd.randrange(len(data))
    if len(data) > 64:
        del data[at : at + rnd.randint(1, 32)]


def _repeat(rnd: random.Random, data: bytearray) -> None:
    at = rnd.randrange(len(data))
    data[at:at] = data[at : at + rnd.randint(1, 200)] * rnd.randint(1, 4)


_KINDS: tuple[Mutate, ...] = (_flip, _flip, _replace, _replace, _number, _cut, _remove, _repeat)
