from pathlib import Path

import pytest

from adapters.onnx.models import OnnxModelStore
from domain.vision import ModelStore
from tests.contracts.model_store import ModelStoreContract


class TestOnnxModelStore(ModelStoreContract):
    @pytest.fixture
    def models(self, tmp_path: Path) -> ModelStore:
        return OnnxModelStore(tmp_path / "home")
