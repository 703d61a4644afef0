"""Prepares an image for the captioning service: a small copy without metadata."""

from base64 import b64encode
from io import BytesIO

from adapters.decoding.pool import DecodingPool

SIDE = 720
"""The long side in pixels: larger images in low detail cost the same and show no more."""
QUALITY = 85


def data_url(pool: DecodingPool, data: bytes, max_pixels: int) -> str:
    """A data URL of an encoded image in any upload format: a JPEG of at most 720 pixels, upright, on white, without
    metadata. Raises the errors of `small_image`. Blocking."""
    from adapters.pillow.small_image import small_image

    buffer = BytesIO()
    small_image(pool, data, max_pixels, SIDE).save(buffer, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
