import pytest

from adapters.opennsfw.detector import OpenNsfwSensitiveMediaDetector
from domain.limits import Limits
from domain.sensitive_media import SensitiveMediaDetector
from tests.contracts.sensitive_media_detector import SensitiveMediaDetectorContract
from tests.decoders import POOL
from tests.models import tiny_detector


class TestOpenNsfwSensitiveMediaDetector(SensitiveMediaDetectorContract):
    @pytest.fixture
    def detector(self) -> SensitiveMediaDetector:
        return OpenNsfwSensitiveMediaDetector(Limits(), POOL, tiny_detector)
