import pytest

from adapters.memory.processor import MemoryImageProcessor
from domain.image_processing import ImageProcessor
from domain.images import BrokenImage
from tests import pictures
from tests.contracts.image_processor import LIMITS, ImageProcessorContract


class TestMemoryImageProcessor(ImageProcessorContract):
    @pytest.fixture
    def processor(self) -> ImageProcessor:
        return MemoryImageProcessor(LIMITS)

    @pytest.mark.parametrize(
        ("data", "content_type"),
        [
            (pictures.a_jpeg(), "image/jpeg"),
            (pictures.a_png(), "image/png"),
            (pictures.a_webp(), "image/webp"),
            (pictures.encode(pictures.quarters(), "WEBP", lossless=True), "image/webp"),
            (pictures.encode(pictures.quarters(), "WEBP", exif=b"Exif\0\0"), "image/webp"),
            (pictures.encode(pictures.quarters(), "GIF"), "image/gif"),
        ],
    )
    async def test_format_and_size_are_read_from_header(
        self, processor: ImageProcessor, data: bytes, content_type: str
    ) -> None:
        image = await processor.prepare(data)

        assert (image.content_type, image.width, image.height) == (content_type, 64, 48)

    @pytest.mark.parametrize("data", [pictures.a_jpeg(), pictures.a_png(), pictures.a_webp()])
    async def test_image_truncated_anywhere_is_refused(self, processor: ImageProcessor, data: bytes) -> None:
        for end in (12, 20, 30, len(data) // 2, len(data) - 20):
            with pytest.raises(BrokenImage):
                await processor.prepare(data[:end])
