"""Decodes HEVC images with libheif and libde265 from pillow-heif, since the packaged libvips cannot."""

from typing import Any

import pillow_heif

from adapters.vips import runtime

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.THUMBNAILS = False
_INTERPRETATIONS = {(True, False): "srgb", (False, False): "b-w", (True, True): "rgb16", (False, True): "grey16"}
_BANDS = {"RGB": 3, "RGBA": 4, "RGBa": 4, "L": 1, "LA": 2}


def load_heic(data: bytes, *, is_hdr: bool) -> Any:
    """Upright; 8 bits, or 16 bits if the file has more than 8 and `is_hdr` needs them."""
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=not is_hdr)
    width, height = file.size
    if width * height == 0:
        raise ValueError("the decoder found no pixels")
    mode, _, depth = file.mode.partition(";")
    bands = _BANDS[mode]
    row = width * bands * (2 if depth else 1)
    pixels, stride = file.data, file.stride
    if stride != row:
        rows = memoryview(pixels)
        pixels = b"".join(rows[at : at + row] for at in range(0, height * stride, stride))
    image = runtime.Image.new_from_memory(pixels, width, height, bands, "ushort" if depth else "uchar")
    image = image.copy(interpretation=_INTERPRETATIONS[bands > 2, bool(depth)])  # noqa: PLR2004 — colour
    if profile := file.info.get("icc_profile"):
        image = image.copy()
        image.set_type(runtime.BLOB, "icc-profile-data", profile)
    return image
