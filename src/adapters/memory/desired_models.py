from adapters.memory.store import MemoryStore
from domain.vision.desired_model import DesiredModel, DesiredModels


class MemoryDesiredModels(DesiredModels):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def current(self) -> DesiredModel | None:
        return self._store.desired_model

    async def add(self, model: DesiredModel) -> bool:
        current = self._store.desired_model
        if model.revision != (current.revision if current else 0) + 1:
            return False
        self._store.desired_model = model
        return True
