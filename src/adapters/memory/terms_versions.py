from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.terms import Terms, TermsVersions


class MemoryTermsVersions(TermsVersions):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, text: str, now: datetime) -> Terms:
        stored = (await self._transaction.tables()).terms
        terms = Terms(len(stored) + 1, text, now)
        stored[terms.version] = terms
        return terms
