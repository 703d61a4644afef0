"""The upload pipeline, on Pillow."""

from adapters.system.executor import BoundedExecutor
from domain.images import ImageProcessor, ImageTooLarge, PreparedImage
from domain.limits import Limits

MEBIBYTE = 1024 * 1024


class PillowImageProcessor(ImageProcessor):
    """`threads` pictures at once; each may hold four bytes for every pixel while it is decoded."""

    def __init__(self, limits: Limits, threads: int = 2, waiting: int = 32) -> None:
        self._limits = limits
        self._executor = BoundedExecutor("uploading", threads, waiting)

    async def prepare(self, data: bytes) -> PreparedImage:
        if len(data) > self._limits.max_upload_bytes:
            raise _too_large(len(data), self._limits.max_upload_bytes)
        return await self._executor.run(self._prepared, data)

    def _prepared(self, data: bytes) -> PreparedImage:
        from adapters.pillow.pipeline import prepared  # Pillow is not for those who only ask for help

        return prepared(data, self._limits.max_pixels)


def _too_large(actual: int, limit: int) -> ImageTooLarge:
    return ImageTooLarge(
        f"the file has {actual / MEBIBYTE:.1f} MiB; at most {limit / MEBIBYTE:.1f} MiB are taken; make it smaller",
        limit=limit,
        actual=actual,
    )
