import pytest

from adapters.memory.classifier import MemoryImageClassifier
from adapters.memory.quantizer import MemoryModelQuantizer
from domain.vision.quantization import ModelQuantizer
from tests.contracts.model_quantizer import ModelQuantizerContract


class TestMemoryModelQuantizer(ModelQuantizerContract):
    @pytest.fixture
    def quantizer(self) -> ModelQuantizer:
        return MemoryModelQuantizer(MemoryImageClassifier())
