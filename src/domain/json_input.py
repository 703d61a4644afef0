"""Parsing of JSON from outside: UTF-8 only, with at most `MAX_DEPTH` levels of nesting.

Code that traverses, prints or stores nested values recurses, and the recursion limit depends on the Python version. The
depth is therefore measured before parsing, without recursion.
"""

import json
import re
import sys
from collections.abc import Callable
from itertools import accumulate
from typing import Any

MAX_DEPTH = 32
"""Levels of objects and lists. The deepest valid request has 8: a tensor of four dimensions."""

MAX_CONTAINERS = 250_000
"""Objects and lists in all. A million empty ones take the parser seconds. A tensor of four images has 201,605."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
"""Matches unterminated strings too, so that each byte is read once."""
_STEPS = bytes.maketrans(b"[{]}", b"\1\1\xff\xff")
_TOO_LONG = "for integer string conversion"
"""Part of Python's error for an integer with too many digits."""
_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


class TooComplex(ValueError):
    def __init__(self, detail: str, limit: int) -> None:
        super().__init__(f"{detail}; at most {limit:,} are allowed")
        self.limit = limit


def parse_json(
    text: bytes,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """Return the parsed value of `text`; the options are those of `json.loads`. Raises `ValueError`, in particular
    `TooComplex`, `json.JSONDecodeError` and `UnicodeDecodeError`."""
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH:
        _require_simple(text)
    try:
        return json.loads(text.decode(), parse_constant=parse_constant, object_pairs_hook=object_pairs_hook)
    except ValueError as error:
        if _TOO_LONG in str(error):
            limit = sys.get_int_max_str_digits()
            raise ValueError(f"a number has more than {limit:,} digits; send a shorter one") from None
        raise


def _require_simple(text: bytes) -> None:
    """Raise `TooComplex`."""
    steps = _STRING.sub(b"", text).translate(_STEPS, _NO_BRACKETS)
    depth = max(accumulate(memoryview(steps).cast("b")), default=0)
    if depth > MAX_DEPTH:
        raise TooComplex(f"it is nested {depth} levels deep", MAX_DEPTH)
    containers = steps.count(1)
    if containers > MAX_CONTAINERS:
        raise TooComplex(f"it has {containers:,} objects and lists", MAX_CONTAINERS)
