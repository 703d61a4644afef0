"""The properties of an image file that are known before decoding."""

from dataclasses import dataclass
from enum import StrEnum

from domain.formats.colour import Colour
from domain.images import BrokenImage, TooManyPixels


class Format(StrEnum):
    """The accepted formats, by content type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure of a file. `width` and `height` are pixels as stored. The image ends before byte `end`. `pixels`
    counts all pixels that a decoder has to store or compute, and `memory` is the maximum number of bytes it needs.
    `decodable` is the input of the decoder: the file without the parts that do not affect the pixels."""

    width: int
    height: int
    end: int
    memory: int
    decodable: bytes
    pixels: int = 0
    frame: tuple[int, int, int, int] | None = None
    """Left, top, width and height of the part that the image covers, if it is not all."""
    colour: Colour | None = None
    """None if an ICC profile, or nothing, states the colours."""
    with_gain_map: bytes | None = None
    """The file up to the end of its gain map (a map that brightens the image on some displays), if any."""

    def require_at_most(self, max_pixels: int) -> None:
        """Raise `TooManyPixels`, or `BrokenImage` for an image without pixels."""
        if self.width * self.height == 0:
            raise BrokenImage(f"the image has {self.width} × {self.height} pixels; at least one is required")
        if self.width * self.height > max_pixels:
            raise TooManyPixels(
                f"the image has {self.width} × {self.height} pixels; at most {max_pixels:,} in all are allowed; "
                "make it smaller",
                limit=max_pixels,
                actual=self.width * self.height,
            )
        most = max_pixels * 5 // 4  # tiles exceed the edges of their image
        if self.pixels > most:
            raise TooManyPixels(
                f"the image has {self.width} × {self.height} pixels, but decoding it needs {self.pixels:,}; "
                f"at most {most:,} are allowed; export it again without hidden parts",
                limit=most,
                actual=self.pixels,
            )


def truncated_file_error(data: bytes) -> BrokenImage:
    """Return the only error after which sending the file again can help."""
    return BrokenImage(f"the file ends after {len(data):,} bytes, before the image does; send the whole file")
