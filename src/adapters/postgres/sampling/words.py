"""Invented words: the texts of posts and their search documents."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

FREQUENCIES = (3, 30, 300, 3_000, 300_000)
"""The size of each vocabulary. A text has one word of each: the first is in every third post, the last is rare."""
_CONSONANTS, _VOWELS = b"bdfghklmnprtvwz", b"aeiou"
_SYLLABLES = np.array([bytes((consonant, vowel)) for consonant in _CONSONANTS for vowel in _VOWELS])
_WORD_BYTES = 6
_TEXT_WEIGHT = 3 << 14
"""Weight A in PostgreSQL's binary format of a tsvector, in the upper two bits of a position."""


def word(vocabulary: int, number: int) -> str:
    """Return a word of a vocabulary. No two vocabularies share one."""
    return str(_words(vocabulary, np.array([number]))[0].decode())


class SampleWords:
    """One word of each vocabulary for each post. Every word has the same length, and so does every text."""

    def __init__(self, generator: Any, posts: int) -> None:
        self._words = [
            _words(vocabulary, generator.integers(0, size, posts)) for vocabulary, size in enumerate(FREQUENCIES)
        ]

    def texts(self) -> NDArray[Any]:
        return _pack([part for words in self._words for part in (words, b" ")][:-1])

    def documents(self) -> NDArray[Any]:
        """Return tsvectors, equal to those of `search_index`. PostgreSQL sorts their words."""
        parts: list[NDArray[Any] | bytes] = [len(FREQUENCIES).to_bytes(4)]
        for position, words in enumerate(self._words, 1):
            parts += [words, b"\0" + (1).to_bytes(2) + (_TEXT_WEIGHT | position).to_bytes(2)]
        return _pack(parts)


def _words(vocabulary: int, numbers: NDArray[Any]) -> NDArray[Any]:
    """Return words of three syllables."""
    places = numbers + sum(FREQUENCIES[:vocabulary])
    # An odd multiplier without common factors permutes the numbers, so that neighbours differ in more than their end.
    mixed = places * 100_003 % len(_SYLLABLES) ** 3
    syllables = [_SYLLABLES[mixed // len(_SYLLABLES) ** power % len(_SYLLABLES)] for power in (2, 1, 0)]
    return _pack(syllables).view(f"S{_WORD_BYTES}")


def _pack(parts: list[NDArray[Any] | bytes]) -> NDArray[Any]:
    """Concatenate the parts of each row. Returns fixed-width values that may contain zero bytes."""
    rows = next(len(part) for part in parts if not isinstance(part, bytes))
    fields = [
        np.full(rows, np.frombuffer(part, f"V{len(part)}")[0]) if isinstance(part, bytes) else part for part in parts
    ]
    packed = np.empty(rows, dtype=[(str(number), part.dtype) for number, part in enumerate(fields)])
    for number, part in enumerate(fields):
        packed[str(number)] = part
    return packed.view(f"V{packed.dtype.itemsize}")
