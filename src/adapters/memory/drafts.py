from dataclasses import replace

from adapters.memory.store import Transaction
from domain.blobs import BlobKey
from domain.captions import Draft
from domain.ledger import Drafts, Question


class MemoryDrafts(Drafts):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def find(self, question: Question) -> Draft | None:
        return (await self._transaction.tables()).drafts.get(question)

    async def keep(self, question: Question, draft: Draft) -> None:
        (await self._transaction.tables()).drafts[question] = replace(draft, usage=None)

    async def forget(self, picture: BlobKey) -> None:
        drafts = (await self._transaction.tables()).drafts
        for question in [question for question in drafts if question.picture == picture]:
            del drafts[question]

    async def forget_unnamed(self) -> int:
        tables = await self._transaction.tables()
        named = {image.original for image in tables.images.values()}
        gone = {question.picture for question in tables.drafts} - named
        before = len(tables.drafts)
        for picture in gone:
            await self.forget(picture)
        return before - len(tables.drafts)
