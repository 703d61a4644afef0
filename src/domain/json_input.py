"""Parsing of JSON from outside: UTF-8 only, with at most `MAX_DEPTH` levels of nesting.

Code that traverses, prints or stores nested values recurses, and the recursion limit depends on the Python version. The
depth is therefore measured before parsing, without recursion.
"""

import json
import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any

MAX_DEPTH = 32
"""Levels of objects and lists. The deepest valid request has 8: a tensor of four dimensions."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
"""Matches unterminated strings too, so that each byte is read once."""
_STEPS = bytes.maketrans(b"[{]}", b"\1\1\xff\xff")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


class TooDeep(ValueError):
    def __init__(self, depth: int) -> None:
        super().__init__(f"it is nested {depth} levels deep; at most {MAX_DEPTH} are allowed")


def parse_json(
    text: bytes,
    parse_constant: Callable[[str], Any] | None = None,
    object_pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """Return the parsed value of `text`; the options are those of `json.loads`. Raises `ValueError`, in particular
    `TooDeep`, `json.JSONDecodeError` and `UnicodeDecodeError`."""
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and (depth := _depth(text)) > MAX_DEPTH:
        raise TooDeep(depth)
    return json.loads(text.decode(), parse_constant=parse_constant, object_pairs_hook=object_pairs_hook)


def _depth(text: bytes) -> int:
    steps = _STRING.sub(b"", text).translate(_STEPS, _NO_BRACKETS)
    return max(accumulate(memoryview(steps).cast("b")), default=0)
