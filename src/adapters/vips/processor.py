"""The upload pipeline: libvips in decoding processes."""

from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from adapters.decoding.pool import MAX_PROCESSES, DecodingPool
from adapters.decoding.protocol import DecodingTask, Frame
from adapters.decoding.refusals import undecodable_error
from adapters.system.executor import BoundedExecutor
from domain.formats.structure import Format
from domain.image_processing import EncodedImage, ImageProcessor, PreparedImage
from domain.images import ImageTooLarge, Size
from domain.limits import Limits
from domain.vision.dihedral import ORIENTATIONS
from domain.vision.pdq import Pdq, parse_pdq

MEBIBYTE = 1024 * 1024
LONGEST_PLACEHOLDER = 64


class VipsImageProcessor(ImageProcessor):
    """Processes up to `threads` images at once, as far as the pool's memory budget allows."""

    def __init__(self, limits: Limits, pool: DecodingPool, threads: int = MAX_PROCESSES, waiting: int = 32) -> None:
        self._limits = limits
        self._pool = pool
        self._executor = BoundedExecutor("upload", threads, waiting)

    async def prepare(self, data: bytes) -> PreparedImage:
        if len(data) > self._limits.max_upload_bytes:
            raise _too_large_error(len(data), self._limits.max_upload_bytes)
        frame = await self._executor.run(self._pool.decode, DecodingTask.RENDITIONS, self._limits.max_pixels, data)
        return to_prepared_image(frame, len(data))

    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        frame = await self._executor.run(self._pool.decode, DecodingTask.PDQ, self._limits.max_pixels, rendition)
        try:
            return _parse_pdqs(frame.head["pdq"])
        except (KeyError, ValueError, TypeError) as fault:
            raise undecodable_error() from fault


def to_prepared_image(frame: Frame, uploaded: int) -> PreparedImage:
    """The result of a decoding process for an upload of `uploaded` bytes. Raises `BrokenImage` for an invalid answer,
    since an image may control the process."""
    try:
        image = _parse(frame)
    except (KeyError, ValueError, TypeError) as fault:
        raise undecodable_error() from fault
    fingerprint = image.fingerprint
    if not 0 < image.length <= uploaded or (fingerprint is not None and not 0 <= fingerprint < 1 << 64):
        raise undecodable_error()
    return image


def _parse(frame: Frame) -> PreparedImage:
    head = frame.head
    content_type = "image/webp" if head["alpha"] is True else "image/jpeg"
    lengths = [int(length) for length in head["sizes"]]
    placeholder, fingerprint = str(head["placeholder"])[:LONGEST_PLACEHOLDER], head["fingerprint"]
    b64decode(placeholder, validate=True)
    if min(lengths) < 1 or sum(lengths) != len(frame.body):
        raise ValueError(f"renditions of {lengths} bytes in {len(frame.body)}")
    return PreparedImage(
        width=int(head["width"]),
        height=int(head["height"]),
        content_type=Format(head["content_type"]).value,
        renditions=_split_renditions(frame.body, lengths, content_type),
        placeholder=placeholder,
        fingerprint=None if fingerprint is None else int(fingerprint),
        length=int(head["length"]),
    )


def _parse_pdqs(texts: list[Any]) -> tuple[Pdq, ...]:
    found = tuple(pdq for text in texts if (pdq := parse_pdq(str(text))) is not None)
    if len(found) not in {0, len(ORIENTATIONS)} or len(found) != len(texts):
        raise ValueError(f"{len(found)} PDQ hashes")
    return found


def _split_renditions(body: bytes, lengths: list[int], content_type: str) -> Mapping[Size, EncodedImage]:
    renditions, at = {}, 0
    for size, length in zip(Size, lengths, strict=True):
        renditions[size] = EncodedImage(body[at : at + length], content_type)
        at += length
    return renditions


def _too_large_error(actual: int, limit: int) -> ImageTooLarge:
    return ImageTooLarge(
        f"the file has {actual / MEBIBYTE:.1f} MiB; at most {limit / MEBIBYTE:.1f} MiB are allowed; make it smaller",
        limit=limit,
        actual=actual,
    )
