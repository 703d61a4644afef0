"""The contract of `SensitiveMediaDetector`."""

from abc import abstractmethod

import pytest

from domain.images import BrokenImage, UnsupportedImage
from domain.sensitive_media import SensitiveMediaDetector
from tests import sample_images

IMAGES = {
    "JPEG": sample_images.a_jpeg(),
    "transparent PNG": sample_images.a_transparent_png(),
    "WebP": sample_images.a_webp(),
    "wide": sample_images.a_jpeg(width=400, height=40),
}


class SensitiveMediaDetectorContract:
    @pytest.fixture
    @abstractmethod
    def detector(self) -> SensitiveMediaDetector:
        """A detector with a model."""

    @pytest.mark.parametrize("data", IMAGES.values(), ids=IMAGES)
    async def test_score_is_share_and_names_model(self, detector: SensitiveMediaDetector, data: bytes) -> None:
        detection = await detector.detect(data)

        assert 0 <= detection.score <= 1
        name, _, version = detection.model.partition("@")
        assert name
        assert version

    async def test_detection_is_deterministic(self, detector: SensitiveMediaDetector) -> None:
        assert await detector.detect(sample_images.a_jpeg()) == await detector.detect(sample_images.a_jpeg())

    async def test_other_files_are_refused(self, detector: SensitiveMediaDetector) -> None:
        with pytest.raises(UnsupportedImage):
            await detector.detect(b"just words")
        with pytest.raises(BrokenImage):
            await detector.detect(b"")
