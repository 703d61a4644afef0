"""The memory world, held to the contracts of the storage ports."""

import pytest

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
from tests.contracts.memory import memory_world
from tests.contracts.notifications import NotificationsContract, SubscriptionsContract
from tests.contracts.orphans import OrphansContract
from tests.contracts.people import PeopleContract
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


@pytest.fixture
async def world() -> World:
    return memory_world()


class TestMemoryUnitOfWork(UnitOfWorkContract): ...


class TestMemoryUsers(UsersContract): ...


class TestMemoryPeople(PeopleContract): ...


class TestMemoryTokens(TokensContract): ...


class TestMemoryImages(ImagesContract): ...


class TestMemoryVerdicts(VerdictsContract): ...


class TestMemoryGallery(GalleryContract): ...


class TestMemoryPosts(PostsContract): ...


class TestMemoryFeeds(FeedsContract): ...


class TestMemoryLikes(LikesContract): ...


class TestMemoryFollows(FollowsContract): ...


class TestMemoryRequests(RequestsContract): ...


class TestMemoryBlocks(BlocksContract): ...


class TestMemorySearch(SearchContract): ...


class TestMemoryTags(TagsContract): ...


class TestMemoryNotifications(NotificationsContract): ...


class TestMemorySubscriptions(SubscriptionsContract): ...


class TestMemoryComments(CommentsContract): ...


class TestMemoryThreads(ThreadsContract): ...


class TestMemoryRankings(RankingsContract): ...


class TestMemoryUnderstandings(UnderstandingsContract): ...


class TestMemoryQueue(QueueContract): ...


class TestMemoryOrphans(OrphansContract): ...


class TestMemoryAnswers(AnswersContract): ...


class TestMemoryCounters(CountersContract): ...


class TestMemoryDuplicates(DuplicatesContract): ...


class TestMemoryLookalikes(LookalikesContract): ...


class TestMemoryLedger(LedgerContract): ...


class TestMemoryRateMeter(RateMeterContract): ...


class TestMemoryKnownOrigins(KnownOriginsContract): ...


class TestMemoryQuotas(QuotasContract): ...


class TestMemoryDrafts(DraftsContract): ...
