"""PostgreSQL, held to the contracts of the storage ports."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.postgres.database import Database
from tests.contracts.answers import AnswersContract
from tests.contracts.blocks import BlocksContract, RequestsContract
from tests.contracts.comments import CommentsContract, ThreadsContract
from tests.contracts.counters import CountersContract
from tests.contracts.duplicates import DuplicatesContract
from tests.contracts.feeds import FeedsContract
from tests.contracts.follows import FollowsContract
from tests.contracts.gallery import GalleryContract
from tests.contracts.images import ImagesContract
from tests.contracts.known_origins import KnownOriginsContract
from tests.contracts.ledger import DraftsContract, LedgerContract
from tests.contracts.likes import LikesContract
from tests.contracts.lookalikes import LookalikesContract
from tests.contracts.notifications import NotificationsContract, SubscriptionsContract
from tests.contracts.orphans import OrphansContract
from tests.contracts.people import PeopleContract
from tests.contracts.postgres import world_on
from tests.contracts.posts import PostsContract
from tests.contracts.queue import QueueContract
from tests.contracts.quotas import QuotasContract
from tests.contracts.rankings import RankingsContract
from tests.contracts.rate_limits import RateMeterContract
from tests.contracts.search import SearchContract, TagsContract
from tests.contracts.tokens import TokensContract
from tests.contracts.understandings import UnderstandingsContract
from tests.contracts.unit_of_work import UnitOfWorkContract
from tests.contracts.users import UsersContract
from tests.contracts.verdicts import VerdictsContract
from tests.contracts.world import World
from tests.databases import delete_rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""A pool belongs to its event loop, and to open one for each test would double their time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="module")
async def world(database: Database) -> World:
    async with database.reading() as connection:
        await delete_rows(connection)
    return world_on(database)


class TestPostgresUnitOfWork(UnitOfWorkContract): ...


class TestPostgresUsers(UsersContract): ...


class TestPostgresPeople(PeopleContract): ...


class TestPostgresTokens(TokensContract): ...


class TestPostgresImages(ImagesContract): ...


class TestPostgresVerdicts(VerdictsContract): ...


class TestPostgresGallery(GalleryContract): ...


class TestPostgresPosts(PostsContract): ...


class TestPostgresFeeds(FeedsContract): ...


class TestPostgresLikes(LikesContract): ...


class TestPostgresFollows(FollowsContract): ...


class TestPostgresRequests(RequestsContract): ...


class TestPostgresBlocks(BlocksContract): ...


class TestPostgresSearch(SearchContract): ...


class TestPostgresTags(TagsContract): ...


class TestPostgresNotifications(NotificationsContract): ...


class TestPostgresSubscriptions(SubscriptionsContract): ...


class TestPostgresComments(CommentsContract): ...


class TestPostgresThreads(ThreadsContract): ...


class TestPostgresRankings(RankingsContract): ...


class TestPostgresUnderstandings(UnderstandingsContract): ...


class TestPostgresQueue(QueueContract): ...


class TestPostgresOrphans(OrphansContract): ...


class TestPostgresAnswers(AnswersContract): ...


class TestPostgresCounters(CountersContract): ...


class TestPostgresDuplicates(DuplicatesContract): ...


class TestPostgresLookalikes(LookalikesContract): ...


class TestPostgresLedger(LedgerContract): ...


class TestPostgresRateMeter(RateMeterContract): ...


class TestPostgresKnownOrigins(KnownOriginsContract): ...


class TestPostgresQuotas(QuotasContract): ...


class TestPostgresDrafts(DraftsContract): ...
