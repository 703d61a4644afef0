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
from adapters.postgres.sensitivity_scores import PostgresSensitivityScores
from adapters.postgres.terms_versions import PostgresTermsVersions
from adapters.postgres.tokens import PostgresTokens
from adapters.postgres.transaction import Transaction
from adapters.postgres.understandings import PostgresUnderstandings
from adapters.postgres.users import PostgresUsers
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class PostgresUnitOfWork(UnitOfWork):
    """Locks are taken in the order challenges, posts, users, second factors, images, understandings, e-mails, links,
    within a table by id. Services fetch in this order. Where a statement needs a lock before its own, the adapter takes
    it (`images.get`, `images.delete`, `users.set_privacy`, and `get` of e-mails and links). Units of work therefore
    cannot deadlock.
    """

    def __init__(self, transaction: Transaction) -> None:
        connection = transaction.connection
        self._transaction = transaction
        self.users = PostgresUsers(connection)
        self.tokens = PostgresTokens(connection)
        self.terms = PostgresTermsVersions(connection)
        self.emails = PostgresEmails(connection)
        self.email_links = PostgresEmailLinks(connection)
        self.email_changes = PostgresEmailChanges(connection)
        self.challenges = PostgresChallenges(connection)
        self.second_factors = PostgresSecondFactors(connection)
        self.identities = PostgresIdentities(connection)
        self.images = PostgresImages(connection)
        self.duplicates = PostgresDuplicates(connection)
        self.embeddings = PostgresEmbeddings(connection)
        self.posts = PostgresPosts(connection)
        self.comments = PostgresComments(connection)
        self.follows = PostgresFollows(connection)
        self.blocks = PostgresBlocks(connection)
        self.mutes = PostgresMutes(connection)
        self.notifications = PostgresNotifications(connection)
        self.search_index = PostgresSearchIndex(connection)
        self.understandings = PostgresUnderstandings(connection)
        self.invites = PostgresInvites(connection)
        self.jobs = PostgresJobs(connection)
        self.ledger = PostgresLedger(connection)
        self.caption_cache = PostgresCaptionCache(connection)
        self.quotas = PostgresQuotas(connection)
        self.consents = PostgresConsents(connection)
        self.reports = PostgresReports(connection)
        self.decisions = PostgresDecisions(connection)
        self.audit_log = PostgresAuditLog(connection)
        self.blocklist = PostgresBlocklist(connection)
        self.screenings = PostgresScreenings(connection)
        self.sensitivity_scores = PostgresSensitivityScores(connection)

    async def commit(self) -> None:
        await self._transaction.commit()


class PostgresUnitOfWorkFactory(UnitOfWorkFactory):
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        async with self._database.transaction() as transaction:
            yield PostgresUnitOfWork(transaction)
