"""GIF images: the first frame on a transparent screen."""

from io import BytesIO
from typing import Any

from PIL.GifImagePlugin import GifImageFile

from adapters.vips import runtime
from domain.images import BrokenImage

_TRUNCATED = "image file is truncated"
"""The beginning of Pillow's error for a frame with fewer pixels than it states."""


def load_gif(data: bytes, frame: tuple[int, int, int, int] | None, options: dict[str, Any]) -> Any:
    """Load the first frame. Raises `BrokenImage` if pixels are missing."""
    _require_all_pixels(data)
    return _embed_frame(runtime.Image.gifload_buffer(data, **options), frame)


def _require_all_pixels(data: bytes) -> None:
    """Decode the frame with Pillow, because libvips does not report missing pixels. Ignore Pillow's other errors."""
    try:
        GifImageFile(BytesIO(data)).load()
    except (OSError, SyntaxError, ValueError, EOFError, LookupError, TypeError) as error:
        if str(error).startswith(_TRUNCATED):
            raise runtime.missing_pixels_error() from error


def _embed_frame(image: Any, frame: tuple[int, int, int, int] | None) -> Any:
    """Return the frame on a transparent screen: the decoder fills the rest of the screen with a colour."""
    if frame is None:
        return image
    left, top = min(frame[0], image.width - 1), min(frame[1], image.height - 1)
    width, height = min(frame[2], image.width - left), min(frame[3], image.height - top)
    if min(width, height) < 1:
        raise BrokenImage("the GIF's first frame is empty; save it again with another program")
    part = image.copy_memory().crop(left, top, width, height)
    part = part.colourspace("srgb") if part.hasalpha() else part.colourspace("srgb").addalpha()
    return part.embed(left, top, image.width, image.height, background=[0, 0, 0, 0])
