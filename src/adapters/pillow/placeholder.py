"""Computes thumbhashes, which a page shows until the image has loaded."""

from base64 import b64encode

from PIL import Image
from thumbhash import rgba_to_thumb_hash  # type: ignore[import-untyped]

SIDE = 32
"""Pixels; a thumbhash holds 7 × 7 frequencies at most, and its cost grows with the pixels (38 ms at 100)."""


def placeholder(image: Image.Image) -> str:
    """The thumbhash of an opaque copy on white, in base64."""
    longest = max(image.size)
    width, height = (max(1, round(side * min(1.0, SIDE / longest))) for side in image.size)
    tiny = image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0).convert("RGBA")
    # The library fails on alpha (0.1.2: a tuple for the alpha channel's mean).
    opaque = Image.alpha_composite(Image.new("RGBA", tiny.size, "white"), tiny)
    return b64encode(bytes(rgba_to_thumb_hash(opaque.width, opaque.height, list(opaque.tobytes())))).decode()
