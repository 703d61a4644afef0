from pathlib import Path

import pytest

from adapters.onnx.models import OnnxModelStore
from adapters.onnx.quantizer import OnnxModelQuantizer
from domain.limits import Limits
from domain.vision.quantization import ModelQuantizer
from tests.contracts.model_quantizer import ModelQuantizerContract
from tests.decoders import POOL
from tests.models import tiny_model


class TestOnnxModelQuantizer(ModelQuantizerContract):
    @pytest.fixture
    def quantizer(self, tmp_path: Path) -> ModelQuantizer:
        models = OnnxModelStore(tmp_path / "home")
        models.install(tiny_model(tmp_path / "tiny.onnx"))
        return OnnxModelQuantizer(models, Limits(), POOL)
