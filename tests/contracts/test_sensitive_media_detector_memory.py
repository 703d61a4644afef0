import pytest

from adapters.memory.sensitive_media_detector import MemorySensitiveMediaDetector
from domain.sensitive_media import SensitiveMediaDetector
from tests.contracts.sensitive_media_detector import SensitiveMediaDetectorContract


class TestMemorySensitiveMediaDetector(SensitiveMediaDetectorContract):
    @pytest.fixture
    def detector(self) -> SensitiveMediaDetector:
        return MemorySensitiveMediaDetector(0.5)
