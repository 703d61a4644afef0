import pytest

from adapters.memory.models import MemoryModelStore
from domain.vision import ModelStore
from tests.contracts.model_store import ModelStoreContract


class TestMemoryModelStore(ModelStoreContract):
    @pytest.fixture
    def models(self) -> ModelStore:
        return MemoryModelStore()
