import pytest

from adapters.vips.processor import VipsImageProcessor
from domain.image_processing import ImageProcessor
from tests.contracts.image_processor import LIMITS, ImageProcessorContract
from tests.decoders import POOL


class TestVipsImageProcessor(ImageProcessorContract):
    @pytest.fixture
    def processor(self) -> ImageProcessor:
        return VipsImageProcessor(LIMITS, POOL)
