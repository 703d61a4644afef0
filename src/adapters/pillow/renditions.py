"""The sizes that are served, each made from the next larger one."""

from base64 import b64encode
from io import BytesIO

from PIL import Image
from thumbhash import rgba_to_thumb_hash  # type: ignore[import-untyped]

from domain.images import EncodedImage, Size

QUALITY = 85

PLACEHOLDER_SIDE = 32
"""Pixels; a thumbhash holds 7 × 7 frequencies at most, and its cost grows with the pixels (38 ms at 100)."""


def scaled(image: Image.Image, long_side: int) -> Image.Image:
    """At most `long_side` pixels long, at least one wide, never enlarged."""
    longest = max(image.size)
    if longest <= long_side:
        return image
    width, height = (max(1, round(side * long_side / longest)) for side in image.size)
    # Lanczos takes 1.7 times as long on 12 megapixels; from a gap of 3 the result is said to be the same as without.
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)


def renditions(large: Image.Image) -> dict[Size, EncodedImage]:
    """`large` must be upright sRGB (RGB or RGBA) of at most the large size."""
    medium = scaled(large, Size.MEDIUM.long_side)
    thumb = scaled(medium, Size.THUMB.long_side)
    encoded_large = encoded(large)
    encoded_medium = encoded_large if medium is large else encoded(medium)
    return {
        Size.LARGE: encoded_large,
        Size.MEDIUM: encoded_medium,
        Size.THUMB: encoded_medium if thumb is medium else encoded(thumb),
    }


def encoded(image: Image.Image) -> EncodedImage:
    """JPEG, or WebP where there is alpha. Pixels only: Pillow would carry comments and profiles over from `info`."""
    bare = image.copy()
    bare.info.clear()
    buffer = BytesIO()
    if image.mode == "RGBA":
        bare.save(buffer, "WEBP", quality=QUALITY)
        return EncodedImage(buffer.getvalue(), "image/webp")
    bare.save(buffer, "JPEG", quality=QUALITY)
    return EncodedImage(buffer.getvalue(), "image/jpeg")


def placeholder(image: Image.Image) -> str:
    """The thumbhash of a picture, opaque, in base64."""
    tiny = scaled(image, PLACEHOLDER_SIDE).convert("RGBA")
    # The library fails on alpha (0.1.2: a tuple for the alpha channel's mean), so what is see-through lies on white.
    opaque = Image.alpha_composite(Image.new("RGBA", tiny.size, "white"), tiny)
    return b64encode(bytes(rgba_to_thumb_hash(opaque.width, opaque.height, list(opaque.tobytes())))).decode()
