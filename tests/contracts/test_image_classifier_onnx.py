from pathlib import Path

import pytest

from adapters.onnx.models import OnnxModelStore
from domain.vision import ImageClassifier
from tests.contracts.image_classifier import ImageClassifierContract
from tests.models import new_classifier, tiny_model


class TestOnnxImageClassifier(ImageClassifierContract):
    @pytest.fixture
    def classifier(self, tmp_path: Path) -> ImageClassifier:
        models = OnnxModelStore(tmp_path / "home")
        models.install(tiny_model(tmp_path / "tiny.onnx"))
        return new_classifier(models, "cpu")
