from dataclasses import replace

from adapters.memory.transaction import Transaction
from domain.blobs import BlobKey
from domain.captions import CaptionDraft
from domain.ledger import CaptionCache, CaptionKey


class MemoryCaptionCache(CaptionCache):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, key: CaptionKey) -> CaptionDraft | None:
        return (await self._transaction.tables()).caption_cache.get(key)

    async def save(self, key: CaptionKey, draft: CaptionDraft) -> None:
        (await self._transaction.tables()).caption_cache[key] = replace(draft, usage=None)

    async def delete(self, image: BlobKey) -> None:
        drafts = (await self._transaction.tables()).caption_cache
        for key in [key for key in drafts if key.image == image]:
            del drafts[key]

    async def delete_unreferenced(self) -> int:
        tables = await self._transaction.tables()
        named = {image.original for image in tables.images.values()}
        gone = {key.image for key in tables.caption_cache} - named
        before = len(tables.caption_cache)
        for image in gone:
            await self.delete(image)
        return before - len(tables.caption_cache)
