"""Produces the input of a network for 224 × 224 pixels, in a decoding process."""

from typing import Any

import numpy as np
import simplejpeg  # type: ignore[import-untyped]
from PIL import Image

from adapters.vips import runtime
from adapters.vips.colours import PROFILE, has_profile, needs_conversion, to_srgb
from adapters.vips.loading import LoadedImage, check_image, load_image, translate_errors
from adapters.vips.pipeline import RequestMemory, decode_scaled, to_pillow
from adapters.vips.pixels import flatten_alpha
from domain.formats.structure import Format

SIDE = 224
SHORT_SIDE = 256
REDUCED_SIDE = 640
"""The minimum short side of a JPEG decoded at reduced size: 2.5 times the need. With twice the need, scores changed by
0.01."""
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


def network_input(data: bytes, max_pixels: int, request_memory: RequestMemory) -> tuple[dict[str, Any], bytes]:
    """RGB, row by row, upright, on white."""
    format_, structure = check_image(data, max_pixels)
    request_memory(structure.memory)
    with translate_errors(format_):
        source = load_image(format_, structure, _long_side(structure.width, structure.height))
        if format_ is Format.JPEG and (draft := _decode_reduced(source)) is not None:
            centre = _convert_colours(_crop_centre(draft), source.image)
            upright = centre.transpose(_TURNS[source.orientation]) if source.orientation in _TURNS else centre
        else:
            upright = _crop_centre(_small_image(source))
    return {}, upright.tobytes()


def _decode_reduced(source: LoadedImage) -> Image.Image | None:
    """A JPEG decoded by libjpeg-turbo at reduced size; None for JPEGs that it does not decode without warnings."""
    if source.image.bands != _RGB_BANDS and (source.image.bands != 1 or has_profile(source.image)):
        return None
    try:
        data = source.structure.decodable
        return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", min_width=REDUCED_SIDE, min_height=REDUCED_SIDE))
    except ValueError:
        return None


def _convert_colours(centre: Image.Image, source: Any) -> Image.Image:
    """Converts from the profile of the JPEG, if it has one of another colour space."""
    if not needs_conversion(source):
        return centre
    image = runtime.Image.new_from_array(np.asarray(centre), interpretation="srgb")
    image.set_type(runtime.BLOB, PROFILE, source.get(PROFILE))
    return to_pillow(to_srgb(image))


def _small_image(source: LoadedImage) -> Image.Image:
    """A copy with a short side of `DRAFT_SIDE`, or the whole image if it is smaller."""
    return to_pillow(flatten_alpha(decode_scaled(source, _long_side(source.width, source.height))))


def _long_side(width: int, height: int) -> int:
    shortest, longest = sorted((width, height))
    return longest * REDUCED_SIDE // shortest if shortest > REDUCED_SIDE else longest


def _crop_centre(image: Image.Image) -> Image.Image:
    """The centre of the image with its short side scaled to `SHORT_SIDE`. Only the centre is computed."""
    width, height = image.size
    scale = SHORT_SIDE / min(width, height)
    across, down = round(width * scale), round(height * scale)
    left, top = (across - SIDE) // 2, (down - SIDE) // 2
    box = (left * width / across, top * height / down, (left + SIDE) * width / across, (top + SIDE) * height / down)
    return image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box)
