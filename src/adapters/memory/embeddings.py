from adapters.memory.transaction import Transaction
from domain.ids import ImageId
from domain.similarity import Embeddings
from domain.vision import Embedding


class MemoryEmbeddings(Embeddings):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def save(self, image_id: ImageId, model: str, embedding: Embedding) -> None:
        tables = await self._transaction.tables()
        if image_id in tables.images:
            tables.embeddings[image_id] = (model, embedding)
