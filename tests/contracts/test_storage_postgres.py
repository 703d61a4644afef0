"""The storage contracts for PostgreSQL."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.postgres.database import Database
from tests.contracts.blocklist import BlocklistContract, QuarantineContract
from tests.contracts.blocks import BlocksContract, FollowRequestsContract
from tests.contracts.comments import CommentReaderContract, CommentsContract
from tests.contracts.consents import ConsentsContract, RequestedCaptionsContract
from tests.contracts.counters import CountersContract
from tests.contracts.desired_models import DesiredModelsContract
from tests.contracts.duplicates import DuplicatesContract
from tests.contracts.emails import EmailChangesContract, EmailLinksContract, EmailsContract
from tests.contracts.follows import FollowsContract
from tests.contracts.harness import StorageHarness
from tests.contracts.idempotency_store import IdempotencyStoreContract
from tests.contracts.identities import IdentitiesContract
from tests.contracts.image_reader import ImageReaderContract
from tests.contracts.images import ImagesContract
from tests.contracts.invites import InvitesContract
from tests.contracts.known_origins import KnownOriginsContract
from tests.contracts.ledger import CaptionCacheContract, LedgerContract
from tests.contracts.likes import LikesContract
from tests.contracts.maintenance_runs import MaintenanceRunsContract
from tests.contracts.moderation import AuditLogContract, DecisionsContract, ReportsContract
from tests.contracts.notifications import NotificationReaderContract, SubscriptionsContract
from tests.contracts.post_reader import PostReaderContract
from tests.contracts.postgres import harness_on
from tests.contracts.posts import PostsContract
from tests.contracts.queue import QueueContract
from tests.contracts.quotas import QuotasContract
from tests.contracts.ranking_reader import RankingReaderContract
from tests.contracts.rate_limits import RateMeterContract
from tests.contracts.rising_tag_lists import RisingTagListsContract
from tests.contracts.search_reader import SearchReaderContract, TagReaderContract
from tests.contracts.second_factors import ChallengesContract, SecondFactorsContract
from tests.contracts.sensitivity_scores import SensitivityScoresContract
from tests.contracts.similar_post_reader import SimilarPostReaderContract
from tests.contracts.terms import TermsContract
from tests.contracts.tokens import TokensContract
from tests.contracts.understandings import UnderstandingsContract
from tests.contracts.unit_of_work import UnitOfWorkContract
from tests.contracts.unreferenced_blobs import UnreferencedBlobsContract
from tests.contracts.user_reader import UserReaderContract
from tests.contracts.users import UsersContract
from tests.contracts.verdict_reader import VerdictsContract
from tests.databases import delete_rows

pytestmark = pytest.mark.asyncio(loop_scope="module")
"""A pool belongs to its event loop, and to open one for each test would double their time."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest_asyncio.fixture(loop_scope="module")
async def harness(database: Database) -> StorageHarness:
    async with database.connection() as connection:
        await delete_rows(connection)
    return harness_on(database)


class TestPostgresUnitOfWork(UnitOfWorkContract): ...


class TestPostgresUsers(UsersContract): ...


class TestPostgresUserReader(UserReaderContract): ...


class TestPostgresTokens(TokensContract): ...


class TestPostgresEmails(EmailsContract): ...


class TestPostgresEmailLinks(EmailLinksContract): ...


class TestPostgresEmailChanges(EmailChangesContract): ...


class TestPostgresTerms(TermsContract): ...


class TestPostgresInvites(InvitesContract): ...


class TestPostgresSecondFactors(SecondFactorsContract): ...


class TestPostgresChallenges(ChallengesContract): ...


class TestPostgresIdentities(IdentitiesContract): ...


class TestPostgresImages(ImagesContract): ...


class TestPostgresVerdicts(VerdictsContract): ...


class TestPostgresImageReader(ImageReaderContract): ...


class TestPostgresPosts(PostsContract): ...


class TestPostgresPostReader(PostReaderContract): ...


class TestPostgresLikes(LikesContract): ...


class TestPostgresMaintenanceRuns(MaintenanceRunsContract): ...


class TestPostgresFollows(FollowsContract): ...


class TestPostgresFollowRequests(FollowRequestsContract): ...


class TestPostgresBlocks(BlocksContract): ...


class TestPostgresSearchReader(SearchReaderContract): ...


class TestPostgresTagReader(TagReaderContract): ...


class TestPostgresRisingTagLists(RisingTagListsContract): ...


class TestPostgresNotificationReader(NotificationReaderContract): ...


class TestPostgresSubscriptions(SubscriptionsContract): ...


class TestPostgresComments(CommentsContract): ...


class TestPostgresCommentReader(CommentReaderContract): ...


class TestPostgresRankingReader(RankingReaderContract): ...


class TestPostgresUnderstandings(UnderstandingsContract): ...


class TestPostgresQueue(QueueContract): ...


class TestPostgresUnreferencedBlobs(UnreferencedBlobsContract): ...


class TestPostgresIdempotencyStore(IdempotencyStoreContract): ...


class TestPostgresCounters(CountersContract): ...


class TestPostgresDesiredModels(DesiredModelsContract): ...


class TestPostgresDuplicates(DuplicatesContract): ...


class TestPostgresSimilarPostReader(SimilarPostReaderContract): ...


class TestPostgresLedger(LedgerContract): ...


class TestPostgresRateMeter(RateMeterContract): ...


class TestPostgresKnownOrigins(KnownOriginsContract): ...


class TestPostgresQuotas(QuotasContract): ...


class TestPostgresCaptionCache(CaptionCacheContract): ...


class TestPostgresConsents(ConsentsContract): ...


class TestPostgresRequestedCaptions(RequestedCaptionsContract): ...


class TestPostgresReports(ReportsContract): ...


class TestPostgresDecisions(DecisionsContract): ...


class TestPostgresAuditLog(AuditLogContract): ...


class TestPostgresBlocklist(BlocklistContract): ...


class TestPostgresQuarantine(QuarantineContract): ...


class TestPostgresSensitivityScores(SensitivityScoresContract): ...
