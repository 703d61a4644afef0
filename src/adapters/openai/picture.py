"""The picture on its way to a service: small, and nothing but pixels."""

from base64 import b64encode
from io import BytesIO

from adapters.decoding.pool import DecodingPool

SIDE = 720
"""Pixels on the long side: low detail costs the same from here on and shows no more."""
QUALITY = 85


def data_url(pool: DecodingPool, data: bytes, max_pixels: int) -> str:
    """An encoded image (any upload format) as a data URL: a JPEG of at most 720 pixels, upright, without metadata. What
    is transparent lies on white. Raises what `small_image` raises. Blocking."""
    from adapters.pillow.small_image import small_image

    buffer = BytesIO()
    small_image(pool, data, max_pixels, SIDE).save(buffer, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(buffer.getvalue()).decode()}"
