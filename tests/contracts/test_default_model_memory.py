import pytest

from adapters.memory.default_model import MemoryDefaultModel
from adapters.memory.models import MemoryModelStore
from domain.vision import ModelStore
from domain.vision.default_model import DefaultModel
from tests.contracts.default_model import DefaultModelContract


class TestMemoryDefaultModel(DefaultModelContract):
    @pytest.fixture
    def default(self) -> DefaultModel:
        return MemoryDefaultModel()

    @pytest.fixture
    def models(self) -> ModelStore:
        return MemoryModelStore()
