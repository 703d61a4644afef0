"""The picture on its way to a service: small, and nothing but pixels."""

from base64 import b64encode

SIDE = 720
"""Pixels on the long side: low detail costs the same from here on and shows no more."""


def data_url(data: bytes, max_pixels: int) -> str:
    """An encoded image (any upload format) as a data URL: a JPEG of at most 720 pixels, upright, without metadata. What
    is see-through lies on white. Raises what `opened` raises. Blocking."""
    from PIL import Image

    from adapters.pillow.colours import plain, srgb
    from adapters.pillow.opening import decoding, opened, turning
    from adapters.pillow.renditions import encoded, scaled

    image = opened(data, max_pixels)
    turn = turning(image)
    with decoding():
        image.draft(None, (SIDE, SIDE))
        image.load()
        small = srgb(scaled(plain(image), SIDE), image.info.get("icc_profile"))
    upright = small if turn is None else small.transpose(turn)
    if upright.mode == "RGBA":
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    return f"data:image/jpeg;base64,{b64encode(encoded(upright).data).decode()}"
