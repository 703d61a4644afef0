"""The colour step: converts any libvips image to 8-bit sRGB or Display P3."""

from typing import Any

from adapters.vips import runtime
from adapters.vips.hdr import tone_map
from adapters.vips.profiles import build_profile, is_display_p3, is_grey, is_srgb
from domain.formats.colour import DISPLAY_P3, Colour

OPAQUE = 255
PROFILE = "icc-profile-data"
_CMYK_BANDS = 4
_TARGETS = {"srgb": Colour(), "p3": Colour(primaries=DISPLAY_P3)}
"""By the names that libvips has for their profiles."""


def to_srgb(image: Any, colour: Colour | None = None) -> Any:
    """Three bands, or four with alpha, without a profile. Converts from `colour`, or else from the image's profile; a
    damaged profile, or one of another colour space, is ignored. Computed at once, since the image is small here."""
    return _without_profile(_convert(image, colour, "srgb"))


def to_srgb_or_p3(image: Any, colour: Colour | None = None) -> Any:
    """As `to_srgb`, but an image with the primaries of Display P3 keeps them, and has a profile."""
    return _convert(image, colour, "p3") if _is_display_p3(image, colour) else to_srgb(image, colour)


def has_profile(image: Any) -> bool:
    return bool(image.get_typeof(PROFILE))


def needs_conversion(image: Any) -> bool:
    """Whether the image has a profile other than one of sRGB."""
    return has_profile(image) and not is_srgb(bytes(image.get(PROFILE)))


def with_bands_of_profile(image: Any) -> Any:
    """Return one band for a grey profile if the decoder gave grey as three equal bands, as that of AVIF does."""
    if image.bands < 3 or not has_profile(image) or not is_grey(bytes(image.get(PROFILE))):  # noqa: PLR2004 — colour
        return image
    red, green, blue, *alpha = image.bandsplit()
    if (red != green).max() or (red != blue).max():
        return image
    interpretation = "grey16" if image.format == "ushort" else "b-w"
    return (red.bandjoin(alpha) if alpha else red).copy(interpretation=interpretation)


def _is_display_p3(image: Any, colour: Colour | None) -> bool:
    if colour is not None:
        return colour.is_display_p3
    return has_profile(image) and is_display_p3(bytes(image.get(PROFILE)))


def _convert(image: Any, colour: Colour | None, target: str) -> Any:
    if colour is not None:
        image = _with_profile(image, colour, _TARGETS[target])
    if needs_conversion(image):
        try:
            return _transform_by_profile(image, target)
        except runtime.Error:
            runtime.clear_errors()
            image = _without_profile(image)
    if image.interpretation == "cmyk":
        image = _from_cmyk(image)
    if image.interpretation == "srgb" and image.format == "uchar":
        return image
    return image.colourspace("srgb").cast("uchar").copy_memory()


def _with_profile(image: Any, colour: Colour, target: Colour) -> Any:
    """Adds a profile of `colour` unless it is sRGB. Tone-maps a high dynamic range to `target` first."""
    image = _to_rgb(image)
    if colour.is_hdr:
        image, colour = tone_map(image, colour, target), target
    if colour != Colour():
        image = image.copy()
        image.set_type(runtime.BLOB, PROFILE, build_profile(colour))
    return image


def _to_rgb(image: Any) -> Any:
    """Converts greyscale to RGB with the same levels."""
    if image.bands > 2:  # noqa: PLR2004 — grey and alpha
        return image
    grey, *alpha = image.bandsplit()
    return grey.bandjoin([grey, grey, *alpha]).copy(interpretation="rgb16" if image.format == "ushort" else "srgb")


def _transform_by_profile(image: Any, target: str) -> Any:
    converted = image.icc_transform(target, embedded=True, intent="perceptual", depth=8).cast("uchar")
    return converted.copy_memory()


def _without_profile(image: Any) -> Any:
    if not has_profile(image):
        return image
    image = image.copy()
    image.remove(PROFILE)
    return image


def _from_cmyk(image: Any) -> Any:
    """Converts without a profile as browsers do: each ink subtracts from its primary."""
    inks = image.extract_band(0, n=3)
    black = image.extract_band(_CMYK_BANDS - 1)
    left = (OPAQUE - inks) * (OPAQUE - black) / OPAQUE
    return left.cast("uchar").copy(interpretation="srgb")


def without_opaque_alpha(image: Any) -> Any:
    """Removes an alpha channel that is opaque everywhere."""
    if image.hasalpha() and image.extract_band(image.bands - 1).min() == OPAQUE:
        return image.extract_band(0, n=image.bands - 1).copy_memory()
    return image
