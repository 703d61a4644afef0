"""What is known of an image file before it is decoded."""

from dataclasses import dataclass
from enum import StrEnum

from domain.formats.colour import Colour
from domain.images import BrokenImage, TooManyPixels


class Format(StrEnum):
    """The accepted formats, by their content types."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True)
class Structure:
    """`width` and `height` are pixels as stored. The image ends before byte `end`. `pixels` are all those that a
    decoder has to hold or to compute, and `memory` the bytes it takes for them at most. `decodable`: what the decoder
    gets in place of the file, without the parts that say nothing about the pixels."""

    width: int
    height: int
    end: int
    memory: int
    decodable: bytes
    pixels: int = 0
    frame: tuple[int, int, int, int] | None = None
    """Left, top, width and height of the part that the image covers, where it is not all."""
    colour: Colour | None = None
    """None where an ICC profile, or nothing, says how the colours are meant."""
    with_gain_map: bytes | None = None
    """The file up to the end of a map that makes the picture brighter on some displays, where there is one."""

    def require_at_most(self, max_pixels: int) -> None:
        """Raises `TooManyPixels`, or `BrokenImage` for an image without pixels."""
        if self.width * self.height == 0:
            raise BrokenImage(f"the image has {self.width} × {self.height} pixels; at least one is needed")
        if self.width * self.height > max_pixels:
            raise TooManyPixels(
                f"the image has {self.width} × {self.height} pixels; at most {max_pixels:,} in all are allowed; "
                "make it smaller",
                limit=max_pixels,
                actual=self.width * self.height,
            )
        most = max_pixels * 5 // 4  # tiles reach over the edges of their picture
        if self.pixels > most:
            raise TooManyPixels(
                f"the image has {self.width} × {self.height} pixels, but {self.pixels:,} have to be decoded for it; "
                f"at most {most:,} are; export it again without hidden parts",
                limit=most,
                actual=self.pixels,
            )


def truncated_file_error(data: bytes) -> BrokenImage:
    """The one refusal where sending the file again can help."""
    return BrokenImage(f"the file ends after {len(data):,} bytes, before the image does; send the whole file")
