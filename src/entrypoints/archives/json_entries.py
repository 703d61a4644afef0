"""Reads JSON entry by entry, so that an archive may be larger than the memory."""

from collections.abc import Iterator
from typing import IO, Any

import ijson

from entrypoints.archives.files import UnusableArchive

MAX_ENTRY = 16 * 1024 * 1024
"""Bytes of an entry, and between two values of the JSON."""
MAX_DEPTH = 100
"""Levels of lists and objects in each other."""
_BUFFER = 64 * 1024
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _BoundedStream:
    """Counts what is read, and refuses a value without an end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.position = 0
        self.last_value = 0

    def read(self, size: int = -1) -> bytes:
        if self.position - self.last_value > MAX_ENTRY:
            raise UnusableArchive(f"a value of the archive's JSON is larger than {MAX_ENTRY >> 20} MiB")
        chunk = self._stream.read(size)
        if self.position == 0:
            chunk = chunk.removeprefix(_BYTE_ORDER_MARK)
        self.position += len(chunk)
        return chunk


def iter_entries(stream: IO[bytes], prefix: str) -> Iterator[Any]:
    """Yield the values at `prefix` (`item` for those of a list, `posts.item` for those of a list in an object, '' for
    everything). Raises `UnusableArchive` for damaged JSON and for huge entries."""
    bounded = _BoundedStream(stream)
    try:
        yield from _entries(bounded, prefix)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise UnusableArchive(f"the JSON of the archive is damaged: {error}") from error


def _entries(bounded: _BoundedStream, prefix: str) -> Iterator[Any]:
    wanted = prefix.split(".") if prefix else []
    path: list[str] = []
    builder: ijson.ObjectBuilder | None = None
    start = 0
    # Not `ijson.parse`: it stores the path of each open list, which needs the square of the depth in memory.
    for event, value in ijson.basic_parse(bounded, use_float=True, buf_size=_BUFFER):
        bounded.last_value = bounded.position
        if event.startswith("end_"):
            path.pop()
        elif builder is None and path == wanted and event != "map_key":
            builder, start = ijson.ObjectBuilder(), bounded.position
        if builder is not None:
            _require_entry_size(bounded.position - start)
            builder.event(event, value)
        if event == "map_key":
            path[-1] = value
        elif event.startswith("start_"):
            path.append("item" if event == "start_array" else "")
            _require_depth(len(path))
        elif builder is not None and path == wanted:
            yield builder.value
            builder = None


def _require_entry_size(size: int) -> None:
    if size > MAX_ENTRY:
        raise UnusableArchive(f"an entry of the archive's JSON is larger than {MAX_ENTRY >> 20} MiB")


def _require_depth(depth: int) -> None:
    if depth > MAX_DEPTH:
        raise UnusableArchive(f"the JSON of the archive is nested more than {MAX_DEPTH} levels deep")


def first_byte(stream: IO[bytes]) -> bytes:
    """Return the first byte of the JSON that is neither blank nor a byte order mark."""
    head = stream.read(1024).removeprefix(_BYTE_ORDER_MARK).lstrip()
    return head[:1]
