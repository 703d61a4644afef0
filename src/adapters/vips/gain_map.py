"""Keeps the gain map of an Ultra HDR JPEG: the additional brightness of each area on an HDR display (ISO 21496-1)."""

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
"""The names in libvips of the map's metadata."""


def with_gain_map(large: Any, source: LoadedImage) -> Any | None:
    """The large rendition with the gain map of its original, scaled to half the rendition's size and turned alike. None
    if there is no map, or if it cannot be read: the image is complete without it."""
    original = source.structure.with_gain_map
    if original is None or large.hasalpha():
        return None
    try:
        stated = runtime.Image.uhdrload_buffer(original)
        result = large.copy()
        for name in _METADATA:
            result.set_type(stated.get_typeof(name), name, stated.get(name))
        result.set_type(runtime.BLOB, _PIXELS, _scale_map(bytes(stated.get(_PIXELS)), source.orientation))
    except runtime.Error:
        runtime.clear_errors()
        return None
    return result


def _scale_map(data: bytes, orientation: int) -> bytes:
    image = runtime.Image.jpegload_buffer(data, access="sequential", fail_on="truncated")
    small = scale(image, fit_size((image.width, image.height), Size.LARGE.long_side // 2)).copy_memory()
    return bytes(turn_upright(small, orientation).jpegsave_buffer(Q=QUALITY, keep="none"))
