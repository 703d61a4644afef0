"""The memory adapters as a world for the suites."""

from adapters.memory.answers import MemoryAnswers
from adapters.memory.counters import MemoryCounters
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.gallery import MemoryGallery
from adapters.memory.jobs import MemoryQueue
from adapters.memory.known_origins import MemoryKnownOrigins
from adapters.memory.likes import MemoryLikes
from adapters.memory.lookalikes import MemoryLookalikes
from adapters.memory.notifications import MemoryNotifications, MemorySubscriptions
from adapters.memory.orphans import MemoryOrphans
from adapters.memory.people import MemoryPeople
from adapters.memory.rankings import MemoryRankings
from adapters.memory.rate_limits import MemoryRateMeter
from adapters.memory.search import MemorySearch
from adapters.memory.sessions import MemorySessions
from adapters.memory.store import MemoryStore
from adapters.memory.tags import MemoryTags
from adapters.memory.threads import MemoryThreads
from adapters.memory.unit_of_work import MemoryBegin
from adapters.memory.verdicts import MemoryVerdicts
from tests.contracts.world import LONGEST_WALK, MOST_WALKS, NEWEST_SEARCHED, World


def memory_world() -> World:
    store = MemoryStore()
    return World(
        begin=MemoryBegin(store),
        likes=MemoryLikes(store),
        notifications=MemoryNotifications(store),
        search=MemorySearch(store, NEWEST_SEARCHED),
        tags=MemoryTags(store),
        subscriptions=MemorySubscriptions(store),
        people=MemoryPeople(store),
        sessions=MemorySessions(store),
        gallery=MemoryGallery(store),
        feeds=MemoryFeeds(store),
        rankings=MemoryRankings(store, LONGEST_WALK, MOST_WALKS),
        threads=MemoryThreads(store),
        lookalikes=MemoryLookalikes(store),
        orphans=MemoryOrphans(store),
        answers=MemoryAnswers(),
        counters=MemoryCounters(store),
        verdicts=MemoryVerdicts(store),
        queue=MemoryQueue(store),
        rate_meter=MemoryRateMeter(),
        known_origins=MemoryKnownOrigins(store),
    )
