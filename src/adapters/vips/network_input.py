"""The pixels that a network for 224 × 224 gets, in a decoding process."""

from typing import Any

import numpy as np
import simplejpeg  # type: ignore[import-untyped]
from PIL import Image

from adapters.vips import runtime
from adapters.vips.colours import PROFILE, has_profile, srgb
from adapters.vips.loading import Loaded, checked, decoding, loaded
from adapters.vips.pipeline import Ask, pillow_image, whole
from adapters.vips.pixels import opaque
from domain.formats.structure import Format

SIDE = 224
SHORT_SIDE = 256
DRAFT_SIDE = 640
"""A JPEG is decoded at a fraction that leaves at least this, 2.5 times the need; at twice, scores moved by 0.01."""
_RGB_BANDS = 3
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def network_input(data: bytes, max_pixels: int, ask: Ask) -> tuple[dict[str, Any], bytes]:
    """RGB, row by row, upright; what is transparent lies on white."""
    format_, found = checked(data, max_pixels)
    ask(found.memory)
    with decoding(format_):
        source = loaded(format_, found, _long_side(found.width, found.height))
        if format_ is Format.JPEG and (draft := _draft(source)) is not None:
            centre = _coloured(_centre(draft), source.image)
            upright = centre.transpose(_TURNS[source.orientation]) if source.orientation in _TURNS else centre
        else:
            upright = _centre(_small(source))
    return {}, upright.tobytes()


def _draft(source: Loaded) -> Image.Image | None:
    """What libjpeg-turbo takes without a complaint it decodes by itself, at a fraction of the size; else None."""
    if source.image.bands != _RGB_BANDS and (source.image.bands != 1 or has_profile(source.image)):
        return None
    try:
        data = source.structure.decodable
        return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", min_width=DRAFT_SIDE, min_height=DRAFT_SIDE))
    except ValueError:
        return None


def _coloured(centre: Image.Image, source: Any) -> Image.Image:
    """By the profile of its JPEG, if there is one."""
    if not has_profile(source):
        return centre
    image = runtime.Image.new_from_array(np.asarray(centre), interpretation="srgb")
    image.set_type(runtime.BLOB, PROFILE, source.get(PROFILE))
    return pillow_image(srgb(image))


def _small(source: Loaded) -> Image.Image:
    """With a short side of `DRAFT_SIDE`, or the whole picture."""
    return pillow_image(opaque(whole(source, _long_side(source.width, source.height))))


def _long_side(width: int, height: int) -> int:
    shortest, longest = sorted((width, height))
    return longest * DRAFT_SIDE // shortest if shortest > DRAFT_SIDE else longest


def _centre(image: Image.Image) -> Image.Image:
    """The middle of the picture as it would be with its short side at `SHORT_SIDE`; nothing else of it is scaled."""
    width, height = image.size
    scale = SHORT_SIDE / min(width, height)
    across, down = round(width * scale), round(height * scale)
    left, top = (across - SIDE) // 2, (down - SIDE) // 2
    box = (left * width / across, top * height / down, (left + SIDE) * width / across, (top + SIDE) * height / down)
    return image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box)
