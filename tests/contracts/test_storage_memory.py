"""The storage contracts for the memory storage."""

import pytest

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
from tests.contracts.memory import memory_harness
from tests.contracts.moderation import AuditLogContract, DecisionsContract, ReportsContract
from tests.contracts.notifications import NotificationReaderContract, SubscriptionsContract
from tests.contracts.post_reader import PostReaderContract
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


@pytest.fixture
async def harness() -> StorageHarness:
    return memory_harness()


class TestMemoryUnitOfWork(UnitOfWorkContract): ...


class TestMemoryUsers(UsersContract): ...


class TestMemoryUserReader(UserReaderContract): ...


class TestMemoryTokens(TokensContract): ...


class TestMemoryEmails(EmailsContract): ...


class TestMemoryEmailLinks(EmailLinksContract): ...


class TestMemoryEmailChanges(EmailChangesContract): ...


class TestMemoryTerms(TermsContract): ...


class TestMemoryInvites(InvitesContract): ...


class TestMemorySecondFactors(SecondFactorsContract): ...


class TestMemoryChallenges(ChallengesContract): ...


class TestMemoryIdentities(IdentitiesContract): ...


class TestMemoryImages(ImagesContract): ...


class TestMemoryVerdicts(VerdictsContract): ...


class TestMemoryImageReader(ImageReaderContract): ...


class TestMemoryPosts(PostsContract): ...


class TestMemoryPostReader(PostReaderContract): ...


class TestMemoryLikes(LikesContract): ...


class TestMemoryMaintenanceRuns(MaintenanceRunsContract): ...


class TestMemoryFollows(FollowsContract): ...


class TestMemoryFollowRequests(FollowRequestsContract): ...


class TestMemoryBlocks(BlocksContract): ...


class TestMemorySearchReader(SearchReaderContract): ...


class TestMemoryTagReader(TagReaderContract): ...


class TestMemoryRisingTagLists(RisingTagListsContract): ...


class TestMemoryNotificationReader(NotificationReaderContract): ...


class TestMemorySubscriptions(SubscriptionsContract): ...


class TestMemoryComments(CommentsContract): ...


class TestMemoryCommentReader(CommentReaderContract): ...


class TestMemoryRankingReader(RankingReaderContract): ...


class TestMemoryUnderstandings(UnderstandingsContract): ...


class TestMemoryQueue(QueueContract): ...


class TestMemoryUnreferencedBlobs(UnreferencedBlobsContract): ...


class TestMemoryIdempotencyStore(IdempotencyStoreContract): ...


class TestMemoryCounters(CountersContract): ...


class TestMemoryDesiredModels(DesiredModelsContract): ...


class TestMemoryDuplicates(DuplicatesContract): ...


class TestMemorySimilarPostReader(SimilarPostReaderContract): ...


class TestMemoryLedger(LedgerContract): ...


class TestMemoryRateMeter(RateMeterContract): ...


class TestMemoryKnownOrigins(KnownOriginsContract): ...


class TestMemoryQuotas(QuotasContract): ...


class TestMemoryCaptionCache(CaptionCacheContract): ...


class TestMemoryConsents(ConsentsContract): ...


class TestMemoryRequestedCaptions(RequestedCaptionsContract): ...


class TestMemoryReports(ReportsContract): ...


class TestMemoryDecisions(DecisionsContract): ...


class TestMemoryAuditLog(AuditLogContract): ...


class TestMemoryBlocklist(BlocklistContract): ...


class TestMemoryQuarantine(QuarantineContract): ...


class TestMemorySensitivityScores(SensitivityScoresContract): ...
