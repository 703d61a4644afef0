"""JSON that others wrote: UTF-8 only, and no deeper than `MAX_DEPTH`.

Code that walks, prints or stores nested values recurses, and each Python has another limit for that. The depth is
therefore measured before anything is parsed, without recursion.
"""

import json
import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any

MAX_DEPTH = 32
"""Levels of objects and lists. The deepest that any call takes is 8: a tensor of four dimensions."""

_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+"?', re.DOTALL)
"""Also one that never ends: each byte is looked at once."""
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
    """The value that `text` holds; the options are those of `json.loads`. Raises `ValueError`, and of its kinds
    `TooDeep`, `json.JSONDecodeError` and `UnicodeDecodeError`."""
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and (depth := _depth(text)) > MAX_DEPTH:
        raise TooDeep(depth)
    return json.loads(text.decode(), parse_constant=parse_constant, object_pairs_hook=object_pairs_hook)


def _depth(text: bytes) -> int:
    steps = _STRING.sub(b"", text).translate(_STEPS, _NO_BRACKETS)
    return max(accumulate(memoryview(steps).cast("b")), default=0)
