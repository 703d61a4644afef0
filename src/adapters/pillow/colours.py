"""Any of Pillow's modes and profiles to plain sRGB, with alpha only where something is see-through."""

from functools import cache
from io import BytesIO

from PIL import Image, ImageCms

_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "I;16N")

OPAQUE = 255


def plain(image: Image.Image) -> Image.Image:
    """In mode RGB, RGBA, L or CMYK, so that it may be resized; decodes."""
    if image.mode in _SIXTEEN_BITS:
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return _without_idle_alpha(image.convert("RGBA"))
    if image.mode in {"RGB", "L", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _without_idle_alpha(image: Image.Image) -> Image.Image:
    lowest, _ = image.getchannel("A").getextrema()
    return image.convert("RGB") if lowest == OPAQUE else image


def srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """`image` (as from `plain`) in RGB or RGBA by its ICC `profile`; a profile that is broken or speaks of another
    colour space is passed over, since the pixels are still worth showing."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        try:
            return ImageCms.profileToProfile(image, BytesIO(profile), _srgb_profile(), outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert(mode)


@cache
def _srgb_profile() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
