"""The upload pipeline, blocking: from an upload's bytes to everything that is served of it."""

from PIL import Image, ImageFile

from adapters.pillow.colours import plain, srgb
from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.opening import decoding, opened, sniffed, turning
from adapters.pillow.renditions import placeholder, renditions, scaled
from domain.images import PreparedImage, Size


def prepared(data: bytes, max_pixels: int) -> PreparedImage:
    """See `ImageProcessor.prepare`, whose errors these are; the size in bytes is the caller's to check."""
    content_type = sniffed(data).value
    image = opened(data, max_pixels)
    turn = turning(image)
    with decoding():
        size, large = _large(image)
    large = srgb(large, image.info.get("icc_profile"))  # after scaling: fewer pixels to convert and to turn
    upright = large if turn is None else large.transpose(turn)
    width, height = reversed(size) if _lies_on_its_side(turn) else size
    return PreparedImage(width, height, content_type, renditions(upright), placeholder(upright), fingerprint(upright))


def _large(image: ImageFile.ImageFile) -> tuple[tuple[int, int], Image.Image]:
    """The whole size in pixels, and the picture scaled to the large rendition."""
    size = image.size
    side = Size.LARGE.long_side
    if image.format == "JPEG":
        longest = max(size)
        image.draft(None, (size[0] * side // longest, size[1] * side // longest))  # libjpeg halves cheaply and well
        image.load()
        return size, scaled(plain(image), side)
    image.load()  # some containers tell the true size only now
    return image.size, scaled(plain(image), side)


def _lies_on_its_side(turn: Image.Transpose | None) -> bool:
    return turn in {
        Image.Transpose.ROTATE_90,
        Image.Transpose.ROTATE_270,
        Image.Transpose.TRANSPOSE,
        Image.Transpose.TRANSVERSE,
    }
