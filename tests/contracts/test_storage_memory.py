"""The memory world, held to the contracts of the storage ports."""

import pytest

from adapters.memory.answers import MemoryAnswers
from adapters.memory.counters import MemoryCounters
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.gallery import MemoryGallery
from adapters.memory.jobs import MemoryQueue
from adapters.memory.orphans import MemoryOrphans
from adapters.memory.people import MemoryPeople
from adapters.memory.rankings import MemoryRankings
from adapters.memory.sessions import MemorySessions
from adapters.memory.store import MemoryStore
from adapters.memory.threads import MemoryThreads
from adapters.memory.unit_of_work import MemoryBegin
from tests.contracts.answers import AnswersContract
from tests.contracts.comments import CommentsContract, ThreadsContract
from tests.contracts.counters import CountersContract
from tests.contracts.feeds import FeedsContract
from tests.contracts.follows import FollowsContract
from tests.contracts.gallery import GalleryContract
from tests.contracts.images import ImagesContract
from tests.contracts.likes import LikesContract
from tests.contracts.orphans import OrphansContract
from tests.contracts.people import PeopleContract
from tests.contracts.posts import PostsContract
from tests.contracts.queue import QueueContract
from tests.contracts.rankings import RankingsContract
from tests.contracts.tokens import TokensContract
from tests.contracts.understandings import UnderstandingsContract
from tests.contracts.unit_of_work import UnitOfWorkContract
from tests.contracts.users import UsersContract
from tests.contracts.world import World


@pytest.fixture
async def world() -> World:
    store = MemoryStore()
    return World(
        begin=MemoryBegin(store),
        people=MemoryPeople(store),
        sessions=MemorySessions(store),
        gallery=MemoryGallery(store),
        feeds=MemoryFeeds(store),
        rankings=MemoryRankings(store),
        threads=MemoryThreads(store),
        orphans=MemoryOrphans(store),
        answers=MemoryAnswers(),
        counters=MemoryCounters(store),
        queue=MemoryQueue(store),
    )


class TestMemoryUnitOfWork(UnitOfWorkContract): ...


class TestMemoryUsers(UsersContract): ...


class TestMemoryPeople(PeopleContract): ...


class TestMemoryTokens(TokensContract): ...


class TestMemoryImages(ImagesContract): ...


class TestMemoryGallery(GalleryContract): ...


class TestMemoryPosts(PostsContract): ...


class TestMemoryFeeds(FeedsContract): ...


class TestMemoryLikes(LikesContract): ...


class TestMemoryFollows(FollowsContract): ...


class TestMemoryComments(CommentsContract): ...


class TestMemoryThreads(ThreadsContract): ...


class TestMemoryRankings(RankingsContract): ...


class TestMemoryUnderstandings(UnderstandingsContract): ...


class TestMemoryQueue(QueueContract): ...


class TestMemoryOrphans(OrphansContract): ...


class TestMemoryAnswers(AnswersContract): ...


class TestMemoryCounters(CountersContract): ...
