"""Boxes of ISO base media files (ISO/IEC 14496-12), and the items of HEIF (ISO/IEC 23008-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_ITEMS = 4_096
"""An image of 200 megapixels in tiles of 512 pixels has 800 items."""

Box = tuple[bytes, int, int]
"""The type of a box, and the start and end of its content."""


@dataclass(slots=True)
class MetaItems:
    """The items of a `meta` box: types, extents in the file, properties as boxes, and references by type."""

    primary: int = 0
    types: dict[int, bytes] = field(default_factory=dict)
    extents: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    in_idat: set[int] = field(default_factory=set)
    """The items whose data is in the `idat` box."""
    properties: dict[int, list[Box]] = field(default_factory=dict)
    references: dict[tuple[bytes, int], list[int]] = field(default_factory=dict)
    idat: tuple[int, int] = (0, 0)


def read_boxes(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Yield consecutive boxes. Stop at the first invalid one."""
    at = start
    while at + 8 <= end:
        length, name = struct.unpack_from(">I4s", data, at)
        content = at + 8
        if length == 1:
            if at + 16 > end:
                return
            (length,) = struct.unpack_from(">Q", data, at + 8)
            content = at + 16
        last = end if length == 0 else at + length
        if last < content or last > end or not name.isascii():
            return
        yield name, content, last
        at = last


def read_items(data: bytes, start: int, end: int) -> MetaItems:
    """Read the items from the content of a `meta` box."""
    items = MetaItems()
    for name, at, last in read_boxes(data, start + 4, end):
        if name == b"pitm":
            items.primary = int.from_bytes(data[at + 4 : at + (8 if data[at] else 6)])
        elif name == b"idat":
            items.idat = at, last
        elif name in _READERS:
            _READERS[name](data, at, last, items)
    return items


def _read_types(data: bytes, at: int, end: int, items: MetaItems) -> None:
    for name, inner, _ in read_boxes(data, at + (8 if data[at] else 6), end):
        if name == b"infe" and data[inner] >= 2:  # noqa: PLR2004 — older versions have no item type
            width = 4 if data[inner] >= 3 else 2  # noqa: PLR2004
            item = int.from_bytes(data[inner + 4 : inner + 4 + width])
            items.types[item] = data[inner + 6 + width : inner + 10 + width]
    _require_item_limit(len(items.types))


def _read_properties(data: bytes, at: int, end: int, items: MetaItems) -> None:
    properties: list[Box] = []
    associations: list[tuple[int, int]] = []
    for kind, inner, inner_end in read_boxes(data, at, end):
        if kind == b"ipco":
            properties = list(read_boxes(data, inner, inner_end))
        elif kind == b"ipma":  # there may be several
            associations += _read_associations(data, inner)
    for item, index in associations:
        if 0 < index <= len(properties):
            items.properties.setdefault(item, []).append(properties[index - 1])


def _read_extents(data: bytes, at: int, _end: int, items: MetaItems) -> None:
    version = data[at]
    sizes, more = data[at + 4], data[at + 5]
    offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
    index_size = more & 15 if version else 0
    id_size = 4 if version >= 2 else 2  # noqa: PLR2004
    at += 6
    count, at = _read_number(data, at, id_size)
    _require_item_limit(count)
    for _ in range(count):
        item, at = _read_number(data, at, id_size)
        method, at = _read_number(data, at, 2) if version else (0, at)
        base, at = _read_number(data, at + 2, base_size)
        extents, at = _read_number(data, at, 2)
        _require_item_limit(extents)
        for _ in range(extents):
            start, at = _read_number(data, at + index_size, offset_size)
            length, at = _read_number(data, at, length_size)
            items.extents.setdefault(item, []).append((base + start, length))
        if method & 15 == 1:
            items.in_idat.add(item)


def _read_references(data: bytes, at: int, end: int, items: MetaItems) -> None:
    size = 4 if data[at] else 2
    for name, inner, last in read_boxes(data, at + 4, end):
        source, inner_at = _read_number(data, inner, size)
        count, inner_at = _read_number(data, inner_at, 2)
        if inner_at + count * size > last:
            raise ValueError("the box is shorter than its stated size")
        targets = [int.from_bytes(data[inner_at + size * n : inner_at + size * (n + 1)]) for n in range(count)]
        items.references.setdefault((name, source), []).extend(targets)


def _read_associations(data: bytes, at: int) -> list[tuple[int, int]]:
    version, wide = data[at], data[at + 3] & 1
    count, at = _read_number(data, at + 4, 4)
    _require_item_limit(count)
    associations = []
    for _ in range(count):
        item, at = _read_number(data, at, 4 if version else 2)
        properties, at = _read_number(data, at, 1)
        for _ in range(properties):
            index, at = _read_number(data, at, 2 if wide else 1)
            associations.append((item, index & (0x7FFF if wide else 0x7F)))
    return associations


def _read_number(data: bytes, at: int, size: int) -> tuple[int, int]:
    if at + size > len(data):
        raise ValueError("the box is shorter than its stated size")
    return int.from_bytes(data[at : at + size]), at + size


def _require_item_limit(count: int) -> None:
    if count > MAX_ITEMS:
        raise ValueError(f"the file has {count:,} items; at most {MAX_ITEMS:,} are allowed")


_READERS = {b"iinf": _read_types, b"iloc": _read_extents, b"iref": _read_references, b"iprp": _read_properties}
