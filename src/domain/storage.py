"""Everything that is kept in rows, by its ports."""

from dataclasses import dataclass

from domain.comments import Threads
from domain.counters import Counters
from domain.feeds import Feeds
from domain.health import Probe
from domain.idempotency import Answers
from domain.images import Gallery
from domain.jobs import Queue
from domain.known_origins import KnownOrigins
from domain.likes import Likes
from domain.notifications import Notifications, Subscriptions
from domain.people import People
from domain.ranking import LONGEST_WALK, MOST_WALKS, Rankings
from domain.rate_limits import RateMeter
from domain.sample_data import SampleData
from domain.search import NEWEST_SEARCHED, Search
from domain.similarity import Lookalikes
from domain.sweeping import Orphans
from domain.tags import Tags
from domain.tokens import Sessions
from domain.unit_of_work import Begin
from domain.verdicts import Verdicts


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a storage goes; tests take smaller ones."""

    ranking_depth: int = LONGEST_WALK
    ranking_snapshots: int = MOST_WALKS
    searched_posts: int = NEWEST_SEARCHED


@dataclass
class Storage:
    """One object for each port. Ports of a unit of work are reached by `begin`."""

    begin: Begin
    answers: Answers
    counters: Counters
    feeds: Feeds
    gallery: Gallery
    known_origins: KnownOrigins
    likes: Likes
    lookalikes: Lookalikes
    notifications: Notifications
    orphans: Orphans
    people: People
    probe: Probe
    queue: Queue
    rankings: Rankings
    rate_meter: RateMeter
    sample_data: SampleData
    search: Search
    sessions: Sessions
    subscriptions: Subscriptions
    tags: Tags
    threads: Threads
    verdicts: Verdicts
