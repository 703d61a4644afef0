"""The storage that lives in this process."""

from adapters.memory.answers import MemoryAnswers
from adapters.memory.counters import MemoryCounters
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.gallery import MemoryGallery
from adapters.memory.health import MemoryProbe
from adapters.memory.jobs import MemoryQueue
from adapters.memory.known_origins import MemoryKnownOrigins
from adapters.memory.likes import MemoryLikes
from adapters.memory.lookalikes import MemoryLookalikes
from adapters.memory.notifications import MemoryNotifications, MemorySubscriptions
from adapters.memory.orphans import MemoryOrphans
from adapters.memory.people import MemoryPeople
from adapters.memory.rankings import MemoryRankings
from adapters.memory.rate_limits import MemoryRateMeter
from adapters.memory.sample_data import MemorySampleData
from adapters.memory.search import MemorySearch
from adapters.memory.sessions import MemorySessions
from adapters.memory.store import MemoryStore
from adapters.memory.tags import MemoryTags
from adapters.memory.threads import MemoryThreads
from adapters.memory.unit_of_work import MemoryBegin
from adapters.memory.verdicts import MemoryVerdicts
from domain.storage import Bounds, Storage


class MemoryStorage(Storage):
    def __init__(self, bounds: Bounds = Bounds()) -> None:  # noqa: B008 — it is frozen
        store = MemoryStore()
        super().__init__(
            begin=MemoryBegin(store),
            answers=MemoryAnswers(),
            counters=MemoryCounters(store),
            feeds=MemoryFeeds(store),
            gallery=MemoryGallery(store),
            known_origins=MemoryKnownOrigins(store),
            likes=MemoryLikes(store),
            lookalikes=MemoryLookalikes(store),
            notifications=MemoryNotifications(store),
            orphans=MemoryOrphans(store),
            people=MemoryPeople(store),
            probe=MemoryProbe("database"),
            queue=MemoryQueue(store),
            rankings=MemoryRankings(store, bounds.ranking_depth, bounds.ranking_snapshots),
            rate_meter=MemoryRateMeter(),
            sample_data=MemorySampleData(),
            search=MemorySearch(store, bounds.searched_posts),
            sessions=MemorySessions(store),
            subscriptions=MemorySubscriptions(store),
            tags=MemoryTags(store),
            threads=MemoryThreads(store),
            verdicts=MemoryVerdicts(store),
        )
