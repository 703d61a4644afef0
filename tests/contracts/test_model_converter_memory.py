from pathlib import Path

import pytest

from adapters.memory.converter import MemoryModelConverter
from domain.vision.conversion import ModelConverter
from tests.contracts.model_converter import ModelConverterContract


class TestMemoryModelConverter(ModelConverterContract):
    @pytest.fixture
    def converter(self) -> ModelConverter:
        return MemoryModelConverter()

    @pytest.fixture
    def module(self, tmp_path: Path) -> Path:
        folder = tmp_path / "module"
        folder.mkdir()
        (folder / "saved_model.pb").write_bytes(b"a graph")
        return folder
