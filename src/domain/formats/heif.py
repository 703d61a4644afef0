"""HEIC and AVIF: the items of the image, and the sizes that they state."""

import struct
from math import prod

from domain.formats.av1 import av1_headers
from domain.formats.boxes import Box, MetaItems, read_boxes, read_items
from domain.formats.colour import Colour, colour_from_codes
from domain.formats.hevc import hevc_codes, hevc_sizes
from domain.formats.structure import Format, Structure, truncated_file_error
from domain.images import BrokenImage, UnsupportedImage

CODECS = {b"av01": Format.AVIF, b"hvc1": Format.HEIC}
"""The item types that are decoded, alone or as tiles of a grid."""
_AUXILIARY = b"auxl"
_TILES = b"dimg"
_SRGB = 13
_VIDEO_TRANSFERS = frozenset({1, 6, 14, 15})
"""Transfer codes of video standards. In HEIF, browsers treat them as sRGB, which most such files contain."""
_OVERHEAD_BYTES = 24 << 20
_TIMESCALES = {b"mvhd", b"mdhd"}
_CONTAINERS = {b"moov", b"trak", b"mdia"}


def read(data: bytes) -> Structure:
    """Read the structure. Raises `BrokenImage`, `UnsupportedImage`."""
    top = list(read_boxes(data, 0, len(data)))
    if not top or not (metas := [box for box in top if box[0] == b"meta"]):
        raise _missing_meta_error(data, top)
    _require_timescales(data, top)
    found = read_items(data, *metas[0][1:])
    size, pixels = _measure_image(data, found, found.primary)
    for (name, item), targets in found.references.items():
        if name == _AUXILIARY and found.primary in targets and _is_alpha(data, found, item):
            pixels += _measure_image(data, found, item)[1]
    end = _find_end(data, top, found)
    colour = _read_colour(data, found)
    per_pixel = 16 if colour and colour.is_hdr else 10
    return Structure(*size, end, _OVERHEAD_BYTES + per_pixel * pixels, data[:end], pixels, colour=colour)


def _missing_meta_error(data: bytes, top: list[Box]) -> BrokenImage | UnsupportedImage:
    if any(name == b"moov" for name, _, _ in top):
        return UnsupportedImage("the file contains a video and no still image; convert it to JPEG, PNG, WebP or GIF")
    if top and top[-1][2] == len(data):
        return BrokenImage("the file contains no image; export it again")
    return truncated_file_error(data)


def _measure_image(data: bytes, found: MetaItems, item: int) -> tuple[tuple[int, int], int]:
    """Return the size of the image, and the number of pixels to decode for it."""
    if item not in found.types:
        raise BrokenImage("the file does not state its primary image; export it again")
    if found.types[item] != b"grid":
        size = _coded_size(data, found, item)
        return _stated_size(data, found, item) or size, prod(size)
    grid = _read_content(data, found, item)
    _, flags, rows, columns = grid[:4]
    width, height = struct.unpack_from(">II" if flags & 1 else ">HH", grid, 4)
    tiles = found.references.get((_TILES, item), [])
    if len(tiles) != (rows + 1) * (columns + 1):
        raise BrokenImage(
            f"the image is a grid of {(rows + 1) * (columns + 1):,} tiles, but {len(tiles):,} are listed; "
            "export it again",
            limit=(rows + 1) * (columns + 1),
            actual=len(tiles),
        )
    sizes = [_coded_size(data, found, tile) for tile in tiles]
    if (columns + 1) * sizes[0][0] < width or (rows + 1) * sizes[0][1] < height:
        raise BrokenImage(f"the tiles of the image do not cover its {width} × {height} pixels; export it again")
    return (width, height), width * height + sum(map(prod, sizes))


def _coded_size(data: bytes, found: MetaItems, item: int) -> tuple[int, int]:
    """Return the largest width and height that the item's codec states. Raises `UnsupportedImage` for other codecs and
    derived images, `BrokenImage` where the container states a smaller size."""
    kind = found.types.get(item, b"")
    if kind not in CODECS:
        name = kind.decode("ascii", "replace") or "unknown"
        raise UnsupportedImage(
            f"the file contains an image of type {name!r}; supported are HEVC (hvc1), AV1 (av01) and grids of them; "
            "convert it to JPEG, PNG, WebP or GIF"
        )
    content = _read_content(data, found, item)
    sizes = [coded.size for coded in av1_headers(content)] if kind == b"av01" else _hevc_sizes(data, found, item)
    if not sizes:
        raise BrokenImage("the image does not state its size; export it again")
    coded = max(width for width, _ in sizes), max(height for _, height in sizes)
    stated = _stated_size(data, found, item)
    if stated and (coded[0] < stated[0] or coded[1] < stated[1] or prod(coded) > _max_coded_pixels(stated)):
        raise BrokenImage(
            f"the file states {stated[0]} × {stated[1]} pixels, but its coded image states "
            f"{coded[0]} × {coded[1]}; export it again",
            limit=prod(stated),
            actual=prod(coded),
        )
    return coded


def _max_coded_pixels(stated: tuple[int, int]) -> int:
    """Return the maximum number of pixels of the coded image: its sides are whole blocks of up to 64."""
    return (stated[0] + 64) * (stated[1] + 64)


def _hevc_sizes(data: bytes, found: MetaItems, item: int) -> list[tuple[int, int]]:
    return [size for record in _configurations(data, found, item) for size in hevc_sizes(record)]


def _configurations(data: bytes, found: MetaItems, item: int) -> list[bytes]:
    return [data[at:end] for name, at, end in found.properties.get(item, []) if name == b"hvcC"]


def _stated_size(data: bytes, found: MetaItems, item: int) -> tuple[int, int] | None:
    for name, at, _ in found.properties.get(item, []):
        if name == b"ispe":
            width, height = struct.unpack_from(">II", data, at + 4)
            return width, height
    return None


def _read_colour(data: bytes, found: MetaItems) -> Colour | None:
    """Return the colour from the `colr` boxes of the image (ISO/IEC 14496-12, 12.1.5) and from `clli`. A profile takes
    precedence over codes, and these over the codes of the coded image."""
    properties = found.properties.get(found.primary, [])
    stated = [data[at:end] for name, at, end in properties if name == b"colr"]
    peak = next((int.from_bytes(data[at : at + 2]) for name, at, _ in properties if name == b"clli"), 0)
    if any(box[:4] in {b"prof", b"rICC"} for box in stated):
        return None
    by_code = (box for box in stated if box[:4] == b"nclx" and len(box) >= 8)  # noqa: PLR2004 — two codes
    codes = next((struct.unpack_from(">HH", box, 4) for box in by_code), None) or _coded_colour(data, found)
    if codes is None or 0 in codes:  # reserved: browsers ignore both
        return None
    primaries, transfer = codes
    return colour_from_codes(primaries, _SRGB if transfer in _VIDEO_TRANSFERS else transfer, peak)


def _coded_colour(data: bytes, found: MetaItems) -> tuple[int, int] | None:
    """Return the codes of the coded image, or of the first tile of a grid."""
    tile = next(iter(found.references.get((_TILES, found.primary), [])), found.primary)
    if found.types.get(tile) == b"hvc1":
        return next((hevc_codes(record) for record in _configurations(data, found, tile)), None)
    return next((coded.codes for coded in av1_headers(_read_content(data, found, tile))), None)


def _is_alpha(data: bytes, found: MetaItems, item: int) -> bool:
    """Whether the item is the alpha plane. Other auxiliary images (depth, gain maps) are not decoded with the image."""
    return any(name == b"auxC" and b"alpha" in data[at:end] for name, at, end in found.properties.get(item, []))


def _read_content(data: bytes, found: MetaItems, item: int) -> bytes:
    """Return the data of an item. Raises `BrokenImage` if part of it is beyond the end of the file."""
    start, end = found.idat if item in found.in_idat else (0, len(data))
    parts = []
    for offset, length in found.extents.get(item, []):
        if start + offset + length > end:
            raise truncated_file_error(data)
        parts.append(data[start + offset : start + offset + length] if length else data[start + offset : end])
    return b"".join(parts)


def _find_end(data: bytes, top: list[Box], found: MetaItems) -> int:
    """Return the end of the last box and of all items."""
    outside = (extents for item, extents in found.extents.items() if item not in found.in_idat)
    named = [offset + length for extents in outside for offset, length in extents if offset + length <= len(data)]
    return max([top[-1][2], *named])


def _require_timescales(data: bytes, found: list[Box]) -> None:
    """Raise `BrokenImage` for a time scale of 0. No decoder can read such a sequence, although its first image would be
    readable."""
    for name, at, end in found:
        if name in _CONTAINERS:
            _require_timescales(data, list(read_boxes(data, at, end)))
        elif name in _TIMESCALES:
            scale = data[at + 20 : at + 24] if data[at] else data[at + 12 : at + 16]
            if not int.from_bytes(scale):
                raise BrokenImage("the image sequence states a time unit of 0; export it again")
