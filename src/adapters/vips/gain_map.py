"""The gain map of an Ultra HDR JPEG: how much brighter each place is on a display that can show it (ISO 21496-1)."""

from typing import Any

from adapters.vips import runtime
from adapters.vips.loading import LoadedImage
from adapters.vips.scaling import fit_size, scale, turn_upright
from domain.images import Size

QUALITY = 85
_PIXELS = "gainmap-data"
_METADATA = (
    "gainmap-max-content-boost", "gainmap-min-content-boost", "gainmap-gamma", "gainmap-offset-sdr",
    "gainmap-offset-hdr", "gainmap-hdr-capacity-min", "gainmap-hdr-capacity-max", "gainmap-use-base-cg",
)  # fmt: skip
"""Of libvips, for what the file states about its map."""


def with_gain_map(large: Any, source: LoadedImage) -> Any | None:
    """The large rendition with the map of its original, at half its size and as upright. None where there is no map, or
    none that can be read: the picture is whole without it."""
    whole = source.structure.with_gain_map
    if whole is None or large.hasalpha():
        return None
    try:
        stated = runtime.Image.uhdrload_buffer(whole)
        found = large.copy()
        for name in _METADATA:
            found.set_type(stated.get_typeof(name), name, stated.get(name))
        found.set_type(runtime.BLOB, _PIXELS, _scale_map(bytes(stated.get(_PIXELS)), source.orientation))
    except runtime.Error:
        runtime.clear_errors()
        return None
    return found


def _scale_map(data: bytes, orientation: int) -> bytes:
    image = runtime.Image.jpegload_buffer(data, access="sequential", fail_on="truncated")
    small = scale(image, fit_size((image.width, image.height), Size.LARGE.long_side // 2)).copy_memory()
    return bytes(turn_upright(small, orientation).jpegsave_buffer(Q=QUALITY, keep="none"))
