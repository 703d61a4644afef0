import pytest

from adapters.memory.processor import MemoryImageProcessor
from domain.image_processing import ImageProcessor
from domain.images import BrokenImage
from tests import sample_images
from tests.contracts.image_processor import LIMITS, ImageProcessorContract


class TestMemoryImageProcessor(ImageProcessorContract):
    @pytest.fixture
    def processor(self) -> ImageProcessor:
        return MemoryImageProcessor(LIMITS)

    @pytest.mark.parametrize(
        ("data", "content_type"),
        [
            (sample_images.a_jpeg(), "image/jpeg"),
            (sample_images.a_png(), "image/png"),
            (sample_images.a_webp(), "image/webp"),
            (sample_images.encode(sample_images.quarters(), "WEBP", lossless=True), "image/webp"),
            (sample_images.encode(sample_images.quarters(), "WEBP", exif=b"Exif\0\0"), "image/webp"),
            (sample_images.encode(sample_images.quarters(), "GIF"), "image/gif"),
        ],
    )
    async def test_format_and_size_are_read_from_header(
        self, processor: ImageProcessor, data: bytes, content_type: str
    ) -> None:
        image = await processor.prepare(data)

        assert (image.content_type, image.width, image.height) == (content_type, 64, 48)

    @pytest.mark.parametrize("data", [sample_images.a_jpeg(), sample_images.a_png(), sample_images.a_webp()])
    async def test_image_truncated_anywhere_is_refused(self, processor: ImageProcessor, data: bytes) -> None:
        for end in (12, 20, 30, len(data) // 2, len(data) - 20):
            with pytest.raises(BrokenImage):
                await processor.prepare(data[:end])
