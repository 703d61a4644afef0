from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.memory.audit_log import MemoryAuditLog
from adapters.memory.blocklist import MemoryBlocklist
from adapters.memory.blocks import MemoryBlocks, MemoryMutes
from adapters.memory.caption_cache import MemoryCaptionCache
from adapters.memory.challenges import MemoryChallenges
from adapters.memory.comments import MemoryComments
from adapters.memory.consents import MemoryConsents
from adapters.memory.decisions import MemoryDecisions
from adapters.memory.duplicates import MemoryDuplicates
from adapters.memory.email_changes import MemoryEmailChanges
from adapters.memory.email_links import MemoryEmailLinks
from adapters.memory.emails import MemoryEmails
from adapters.memory.embeddings import MemoryEmbeddings
from adapters.memory.follows import MemoryFollows
from adapters.memory.identities import MemoryIdentities
from adapters.memory.images import MemoryImages
from adapters.memory.invites import MemoryInvites
from adapters.memory.jobs import MemoryJobs
from adapters.memory.ledger import MemoryLedger
from adapters.memory.notifications import MemoryNotifications
from adapters.memory.posts import MemoryPosts
from adapters.memory.quotas import MemoryQuotas
from adapters.memory.reports import MemoryReports
from adapters.memory.screenings import MemoryScreenings
from adapters.memory.search_index import MemorySearchIndex
from adapters.memory.second_factors import MemorySecondFactors
from adapters.memory.sensitivity_scores import MemorySensitivityScores
from adapters.memory.store import MemoryStore
from adapters.memory.terms_versions import MemoryTermsVersions
from adapters.memory.tokens import MemoryTokens
from adapters.memory.transaction import Transaction
from adapters.memory.understandings import MemoryUnderstandings
from adapters.memory.users import MemoryUsers
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class MemoryUnitOfWork(UnitOfWork):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self.users = MemoryUsers(transaction)
        self.terms = MemoryTermsVersions(transaction)
        self.tokens = MemoryTokens(transaction)
        self.emails = MemoryEmails(transaction)
        self.email_links = MemoryEmailLinks(transaction)
        self.email_changes = MemoryEmailChanges(transaction)
        self.challenges = MemoryChallenges(transaction)
        self.second_factors = MemorySecondFactors(transaction)
        self.identities = MemoryIdentities(transaction)
        self.images = MemoryImages(transaction)
        self.duplicates = MemoryDuplicates(transaction)
        self.embeddings = MemoryEmbeddings(transaction)
        self.posts = MemoryPosts(transaction)
        self.comments = MemoryComments(transaction)
        self.follows = MemoryFollows(transaction)
        self.blocks = MemoryBlocks(transaction)
        self.mutes = MemoryMutes(transaction)
        self.notifications = MemoryNotifications(transaction)
        self.search_index = MemorySearchIndex(transaction)
        self.understandings = MemoryUnderstandings(transaction)
        self.invites = MemoryInvites(transaction)
        self.jobs = MemoryJobs(transaction)
        self.ledger = MemoryLedger(transaction)
        self.caption_cache = MemoryCaptionCache(transaction)
        self.quotas = MemoryQuotas(transaction)
        self.consents = MemoryConsents(transaction)
        self.reports = MemoryReports(transaction)
        self.decisions = MemoryDecisions(transaction)
        self.audit_log = MemoryAuditLog(transaction)
        self.blocklist = MemoryBlocklist(transaction)
        self.screenings = MemoryScreenings(transaction)
        self.sensitivity_scores = MemorySensitivityScores(transaction)

    async def commit(self) -> None:
        await self._transaction.commit()


class MemoryUnitOfWorkFactory(UnitOfWorkFactory):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        transaction = Transaction(self._store)
        try:
            yield MemoryUnitOfWork(transaction)
        finally:
            await transaction.end()
