"""The colour step: any image of libvips to plain sRGB of eight bits, with alpha only where something is transparent."""

from typing import Any

from adapters.vips import runtime

OPAQUE = 255
_CMYK_BANDS = 4


def srgb(image: Any) -> Any:
    """Three bands, or four with alpha. By the profile in the image; one that is damaged or describes another colour
    space is ignored, since the pixels are still worth showing. The image is small by now, and is computed here."""
    if image.get_typeof("icc-profile-data"):
        try:
            return _without_idle_alpha(_by_profile(image))
        except runtime.Error:
            runtime.forget_errors()
    if image.interpretation == "cmyk":
        image = _from_cmyk(image)
    if image.interpretation == "srgb" and image.format == "uchar":
        return _without_idle_alpha(image)
    return _without_idle_alpha(image.colourspace("srgb").cast("uchar").copy_memory())


def _by_profile(image: Any) -> Any:
    converted = image.icc_transform("srgb", embedded=True, intent="perceptual", depth=8).cast("uchar")
    return converted.copy_memory()


def _from_cmyk(image: Any) -> Any:
    """Without a profile as browsers do it: what the inks leave of each primary."""
    inks = image.extract_band(0, n=3)
    black = image.extract_band(_CMYK_BANDS - 1)
    left = (OPAQUE - inks) * (OPAQUE - black) / OPAQUE
    return left.cast("uchar").copy(interpretation="srgb")


def _without_idle_alpha(image: Any) -> Any:
    if image.hasalpha() and image.extract_band(image.bands - 1).min() == OPAQUE:
        return image.extract_band(0, n=image.bands - 1).copy_memory()
    return image
