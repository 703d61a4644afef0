from pathlib import Path

import pytest

from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.models import OnnxModelStore
from domain.vision import ImageClassifier
from tests.contracts.image_classifier import ImageClassifierContract
from tests.models import tiny_model


class TestOnnxImageClassifier(ImageClassifierContract):
    @pytest.fixture
    def classifier(self, tmp_path: Path) -> ImageClassifier:
        models = OnnxModelStore(tmp_path / "home")
        models.install(tiny_model(tmp_path / "tiny.onnx"))
        return OnnxImageClassifier(models, "cpu")
