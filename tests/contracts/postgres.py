"""The PostgreSQL adapters as a world for the suites."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.postgres.answers import PostgresAnswers
from adapters.postgres.counters import PostgresCounters
from adapters.postgres.database import Database
from adapters.postgres.feeds import PostgresFeeds
from adapters.postgres.gallery import PostgresGallery
from adapters.postgres.jobs import PostgresQueue
from adapters.postgres.known_origins import PostgresKnownOrigins
from adapters.postgres.likes import PostgresLikes
from adapters.postgres.lookalikes import PostgresLookalikes
from adapters.postgres.notifications import PostgresNotifications
from adapters.postgres.orphans import PostgresOrphans
from adapters.postgres.people import PostgresPeople
from adapters.postgres.rankings import PostgresRankings
from adapters.postgres.rate_limits import PostgresRateMeter
from adapters.postgres.search import PostgresSearch
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.subscriptions import PostgresSubscriptions
from adapters.postgres.tags import PostgresTags
from adapters.postgres.threads import PostgresThreads
from adapters.postgres.unit_of_work import PostgresBegin
from adapters.postgres.verdicts import PostgresVerdicts
from tests.contracts.world import LONGEST_WALK, MOST_WALKS, NEWEST_SEARCHED, World


@asynccontextmanager
async def postgres_world(url: str) -> AsyncIterator[World]:
    """On an empty, migrated database."""
    database = Database(url)
    try:
        yield world_on(database)
    finally:
        await database.close()


def world_on(database: Database) -> World:
    return World(
        begin=PostgresBegin(database),
        likes=PostgresLikes(database),
        notifications=PostgresNotifications(database),
        search=PostgresSearch(database, NEWEST_SEARCHED),
        tags=PostgresTags(database),
        subscriptions=PostgresSubscriptions(database),
        people=PostgresPeople(database),
        sessions=PostgresSessions(database),
        gallery=PostgresGallery(database),
        feeds=PostgresFeeds(database),
        rankings=PostgresRankings(database, LONGEST_WALK, MOST_WALKS),
        threads=PostgresThreads(database),
        lookalikes=PostgresLookalikes(database),
        orphans=PostgresOrphans(database),
        answers=PostgresAnswers(database),
        counters=PostgresCounters(database),
        verdicts=PostgresVerdicts(database),
        queue=PostgresQueue(database),
        rate_meter=PostgresRateMeter(database),
        known_origins=PostgresKnownOrigins(database),
    )
