"""The storage in PostgreSQL."""

from adapters.postgres.answers import PostgresAnswers
from adapters.postgres.counters import PostgresCounters
from adapters.postgres.database import Database
from adapters.postgres.feeds import PostgresFeeds
from adapters.postgres.gallery import PostgresGallery
from adapters.postgres.health import PostgresProbe
from adapters.postgres.jobs import PostgresQueue
from adapters.postgres.known_origins import PostgresKnownOrigins
from adapters.postgres.likes import PostgresLikes
from adapters.postgres.lookalikes import PostgresLookalikes
from adapters.postgres.migrations import PostgresMigrations
from adapters.postgres.notifications import PostgresNotifications
from adapters.postgres.orphans import PostgresOrphans
from adapters.postgres.people import PostgresPeople
from adapters.postgres.rankings import PostgresRankings
from adapters.postgres.rate_limits import PostgresRateMeter
from adapters.postgres.sample_data import PostgresSampleData
from adapters.postgres.search import PostgresSearch
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.subscriptions import PostgresSubscriptions
from adapters.postgres.tags import PostgresTags
from adapters.postgres.threads import PostgresThreads
from adapters.postgres.unit_of_work import PostgresBegin
from adapters.postgres.verdicts import PostgresVerdicts
from domain.storage import Bounds, Storage


class PostgresStorage(Storage):
    """On a database of the newest migration."""

    def __init__(self, database: Database, bounds: Bounds = Bounds()) -> None:  # noqa: B008 — it is frozen
        super().__init__(
            begin=PostgresBegin(database),
            answers=PostgresAnswers(database),
            counters=PostgresCounters(database),
            feeds=PostgresFeeds(database),
            gallery=PostgresGallery(database),
            known_origins=PostgresKnownOrigins(database),
            likes=PostgresLikes(database),
            lookalikes=PostgresLookalikes(database),
            notifications=PostgresNotifications(database),
            orphans=PostgresOrphans(database),
            people=PostgresPeople(database),
            probe=PostgresProbe(database, PostgresMigrations(database)),
            queue=PostgresQueue(database),
            rankings=PostgresRankings(database, bounds.ranking_depth, bounds.ranking_snapshots),
            rate_meter=PostgresRateMeter(database),
            sample_data=PostgresSampleData(database),
            search=PostgresSearch(database, bounds.searched_posts),
            sessions=PostgresSessions(database),
            subscriptions=PostgresSubscriptions(database),
            tags=PostgresTags(database),
            threads=PostgresThreads(database),
            verdicts=PostgresVerdicts(database),
        )
