"""The unit of work on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.audit_log import PostgresAuditLog
from adapters.postgres.blocklist import PostgresBlocklist
from adapters.postgres.blocks import PostgresBlocks, PostgresMutes
from adapters.postgres.caption_cache import PostgresCaptionCache
from adapters.postgres.challenges import PostgresChallenges
from adapters.postgres.comments import PostgresComments
from adapters.postgres.consents import PostgresConsents
from adapters.postgres.database import Database
from adapters.postgres.decisions import PostgresDecisions
from adapters.postgres.duplicates import PostgresDuplicates
from adapters.postgres.email_changes import PostgresEmailChanges
from adapters.postgres.email_links import PostgresEmailLinks
from adapters.postgres.emails import PostgresEmails
from adapters.postgres.embeddings import PostgresEmbeddings
from adapters.postgres.follows import PostgresFollows
from adapters.postgres.identities import PostgresIdentities
from adapters.postgres.images import PostgresImages
from adapters.postgres.invites import PostgresInvites
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.notifications import PostgresNotifications
from adapters.postgres.posts import PostgresPosts
from adapters.postgres.quotas import PostgresQuotas
from adapters.postgres.reports import PostgresReports
from adapters.postgres.screenings import PostgresScreenings
from adapters.postgres.search_index import PostgresSearchIndex
from adapters.postgres.second_factors import PostgresSecondFactors
from adapters.postgres.terms_versions import PostgresTermsVersions
from adapters.postgres.tokens import PostgresTokens
from adapters.postgres.transaction import Transaction
from adapters.postgres.understandings import PostgresUnderstandings
from adapters.postgres.users import PostgresUsers
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class PostgresUnitOfWork(UnitOfWork):
    """Repositories that write Core statements get `transaction.core`, those that write SQL get `transaction.raw`.

    Locks are taken in the order challenges, posts, users, second factors, images, understandings, e-mails, links,
    within a table by id. Services fetch in this order. Where a statement needs a lock before its own, the adapter takes
    it (`images.get`, `images.delete`, `users.set_privacy`, and `get` of e-mails and links). Units of work therefore
    cannot deadlock.
    """

    def __init__(self, transaction: Transaction) -> None:
        core, raw = transaction.core, transaction.raw
        self._transaction = transaction
        self.users = PostgresUsers(core, raw)
        self.tokens = PostgresTokens(core, raw)
        self.terms = PostgresTermsVersions(raw)
        self.emails = PostgresEmails(core)
        self.email_links = PostgresEmailLinks(core)
        self.email_changes = PostgresEmailChanges(core)
        self.challenges = PostgresChallenges(raw)
        self.second_factors = PostgresSecondFactors(raw)
        self.identities = PostgresIdentities(raw)
        self.images = PostgresImages(core, raw)
        self.duplicates = PostgresDuplicates(raw)
        self.embeddings = PostgresEmbeddings(raw)
        self.posts = PostgresPosts(core)
        self.comments = PostgresComments(core)
        self.follows = PostgresFollows(raw)
        self.blocks = PostgresBlocks(raw)
        self.mutes = PostgresMutes(raw)
        self.notifications = PostgresNotifications(raw)
        self.search_index = PostgresSearchIndex(raw)
        self.understandings = PostgresUnderstandings(core)
        self.invites = PostgresInvites(raw)
        self.jobs = PostgresJobs(raw)
        self.ledger = PostgresLedger(raw)
        self.caption_cache = PostgresCaptionCache(raw)
        self.quotas = PostgresQuotas(raw)
        self.consents = PostgresConsents(raw)
        self.reports = PostgresReports(raw)
        self.decisions = PostgresDecisions(raw)
        self.audit_log = PostgresAuditLog(raw)
        self.blocklist = PostgresBlocklist(raw)
        self.screenings = PostgresScreenings(raw)

    async def commit(self) -> None:
        await self._transaction.commit()


class PostgresUnitOfWorkFactory(UnitOfWorkFactory):
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        async with self._database.transaction() as transaction:
            yield PostgresUnitOfWork(transaction)
