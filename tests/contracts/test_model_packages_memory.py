from pathlib import Path

from adapters.memory.model_packages import MemoryModelPackages
from adapters.memory.models import MemoryModelStore
from tests.contracts.model_packages import Machine, ModelPackagesContract


class TestMemoryModelPackages(ModelPackagesContract):
    def new_machine(self, folder: Path) -> Machine:
        models = MemoryModelStore()
        return models, MemoryModelPackages(models)
