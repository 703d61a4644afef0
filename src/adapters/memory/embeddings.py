from collections.abc import Mapping

from adapters.memory.transaction import Transaction
from domain.ids import ImageId
from domain.similarity import Embeddings
from domain.vision import Embedding


class MemoryEmbeddings(Embeddings):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def save(self, model: str, embeddings: Mapping[ImageId, Embedding]) -> None:
        tables = await self._transaction.tables()
        for image_id, embedding in embeddings.items():
            if image_id in tables.images:
                tables.embeddings[image_id] = (model, embedding)
