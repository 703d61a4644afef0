import pytest

from adapters.pillow.processor import PillowImageProcessor
from domain.images import ImageProcessor
from tests.contracts.image_processor import LIMITS, ImageProcessorContract


class TestPillowImageProcessor(ImageProcessorContract):
    @pytest.fixture
    def processor(self) -> ImageProcessor:
        return PillowImageProcessor(LIMITS)
