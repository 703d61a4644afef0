"""One transaction on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.blocks import PostgresBlocks, PostgresMutes
from adapters.postgres.comments import PostgresComments
from adapters.postgres.database import Connection, Database, driver
from adapters.postgres.drafts import PostgresDrafts
from adapters.postgres.duplicates import PostgresDuplicates
from adapters.postgres.embeddings import PostgresEmbeddings
from adapters.postgres.follows import PostgresFollows
from adapters.postgres.images import PostgresImages
from adapters.postgres.index import PostgresIndex
from adapters.postgres.jobs import PostgresJobs
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.locks import BLOB_LOCK
from adapters.postgres.notices import PostgresNotices
from adapters.postgres.posts import PostgresPosts
from adapters.postgres.quotas import PostgresQuotas
from adapters.postgres.tokens import PostgresTokens
from adapters.postgres.understandings import PostgresUnderstandings
from adapters.postgres.users import PostgresUsers
from domain.unit_of_work import Begin, UnitOfWork


class PostgresUnitOfWork(UnitOfWork):
    """`connection` is SQLAlchemy Core's, `by_hand` the driver's; both are one connection inside one transaction.

    Locks are taken in the order posts, users, images, understandings, within a table by id: services fetch in this
    order, and where a statement needs a lock before the caller's, the adapter takes it (`get_in_post`, `get_to_delete`,
    `set_private`). So no two units of work wait for each other.
    """

    def __init__(self, connection: AsyncConnection, by_hand: Connection) -> None:
        self._connection = connection
        self._by_hand = by_hand
        self.users = PostgresUsers(connection, by_hand)
        self.tokens = PostgresTokens(connection)
        self.images = PostgresImages(connection, by_hand)
        self.duplicates = PostgresDuplicates(by_hand)
        self.embeddings = PostgresEmbeddings(by_hand)
        self.posts = PostgresPosts(connection)
        self.comments = PostgresComments(connection)
        self.follows = PostgresFollows(by_hand)
        self.blocks = PostgresBlocks(by_hand)
        self.mutes = PostgresMutes(by_hand)
        self.notices = PostgresNotices(by_hand)
        self.index = PostgresIndex(by_hand)
        self.understandings = PostgresUnderstandings(connection)
        self.jobs = PostgresJobs(by_hand)
        self.ledger = PostgresLedger(by_hand)
        self.drafts = PostgresDrafts(by_hand)
        self.quotas = PostgresQuotas(by_hand)

    async def commit(self) -> None:
        await self._connection.commit()

    async def hold_blobs(self) -> None:
        await self._by_hand.execute("select pg_advisory_xact_lock_shared($1)", BLOB_LOCK)


class PostgresBegin(Begin):
    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[UnitOfWork]:
        async with self._database.transaction() as connection:
            yield PostgresUnitOfWork(connection, await driver(connection))
