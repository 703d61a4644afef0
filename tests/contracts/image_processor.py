"""The contract of `ImageProcessor`."""

from abc import abstractmethod
from base64 import b64decode

import pytest

from domain.image_processing import ImageProcessor
from domain.images import BrokenImage, ImageTooLarge, Size, TooManyPixels, UnsupportedImage
from domain.limits import Limits
from domain.vision.dihedral import ORIENTATIONS
from tests import sample_images
from tests.adapters.test_fingerprint import a_scene

LIMITS = Limits(max_upload_bytes=1024 * 1024, max_pixels=2_000_000)


class ImageProcessorContract:
    @pytest.fixture
    @abstractmethod
    def processor(self) -> ImageProcessor:
        """A processor with LIMITS."""

    async def test_all_sizes_and_placeholder_are_made(self, processor: ImageProcessor) -> None:
        image = await processor.prepare(sample_images.a_jpeg(64, 48))
        assert (image.width, image.height, image.content_type) == (64, 48, "image/jpeg")
        assert set(image.renditions) == set(Size)
        assert all(rendition.data for rendition in image.renditions.values())
        assert b64decode(image.placeholder, validate=True)

    async def test_format_is_detected_by_content(self, processor: ImageProcessor) -> None:
        assert (await processor.prepare(sample_images.a_png())).content_type == "image/png"

    async def test_text_file_is_refused(self, processor: ImageProcessor) -> None:
        with pytest.raises(UnsupportedImage, match="JPEG, PNG"):
            await processor.prepare(b"I am a text named photo.jpg")

    async def test_empty_file_is_refused(self, processor: ImageProcessor) -> None:
        with pytest.raises(BrokenImage, match="empty"):
            await processor.prepare(b"")

    async def test_too_large_file_is_refused_with_limit(self, processor: ImageProcessor) -> None:
        with pytest.raises(ImageTooLarge, match=r"1\.0 MiB") as refusal:
            await processor.prepare(bytes(LIMITS.max_upload_bytes + 1))
        assert refusal.value.facts == {"limit": LIMITS.max_upload_bytes, "actual": LIMITS.max_upload_bytes + 1}

    async def test_too_many_pixels_are_refused(self, processor: ImageProcessor) -> None:
        with pytest.raises(TooManyPixels, match="60000 × 60000"):
            await processor.prepare(sample_images.png_header(60_000, 60_000))

    async def test_rendition_has_pdq_hashes_of_its_orientations(self, processor: ImageProcessor) -> None:
        image = await processor.prepare(sample_images.encode(a_scene(1), "JPEG"))

        hashes = await processor.pdq_hashes(image.renditions[Size.MEDIUM].data)

        assert len(set(hashes)) == len(ORIENTATIONS)
        assert await processor.pdq_hashes(image.renditions[Size.MEDIUM].data) == hashes
