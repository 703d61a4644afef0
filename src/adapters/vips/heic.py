"""HEVC pictures, which the libvips of the package index cannot decode: by libheif and libde265 in pillow-heif."""

from typing import Any

import pillow_heif

from adapters.vips import runtime

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
_BANDS = {"RGB": 3, "RGBA": 4, "RGBa": 4, "L": 1, "LA": 2}


def image(data: bytes) -> Any:
    """Upright, in eight bits."""
    found = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    width, height = found.size
    bands = _BANDS[found.mode]
    pixels, stride = found.data, found.stride
    if stride != width * bands:
        rows = memoryview(pixels)
        pixels = b"".join(rows[row * stride : row * stride + width * bands] for row in range(height))
    picture = runtime.Image.new_from_memory(pixels, width, height, bands, "uchar")
    picture = picture.copy(interpretation="srgb" if bands > 2 else "b-w")  # noqa: PLR2004 — colour
    if profile := found.info.get("icc_profile"):
        picture = picture.copy()
        picture.set_type(runtime.BLOB, "icc-profile-data", profile)
    return picture
