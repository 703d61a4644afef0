from pathlib import Path

import pytest

from adapters.efficientnet.default_model import EfficientNetDefaultModel
from adapters.onnx.models import OnnxModelStore
from domain.vision import ModelStore
from domain.vision.default_model import DefaultModel
from tests.contracts.default_model import DefaultModelContract


class TestEfficientNetDefaultModel(DefaultModelContract):
    @pytest.fixture
    def default(self) -> DefaultModel:
        return EfficientNetDefaultModel()

    @pytest.fixture
    def models(self, tmp_path: Path) -> ModelStore:
        return OnnxModelStore(tmp_path / "home")
