"""The container: a table of contents of what Tintype is made of. Settings choose each technology; no logic here."""

import random
from operator import attrgetter

from dependency_injector import containers, providers

from adapters.argon2.passwords import Argon2PasswordHasher
from adapters.embedded.server import EmbeddedPostgres, psql_command
from adapters.filesystem.blobs import FilesystemBlobStore
from adapters.filesystem.health import FilesystemProbe
from adapters.labels.captions import LabelCaptionWriter
from adapters.memory.answers import MemoryAnswers
from adapters.memory.blobs import MemoryBlobStore
from adapters.memory.captions import MemoryCaptionWriter
from adapters.memory.classifier import MemoryImageClassifier
from adapters.memory.counters import MemoryCounters
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.gallery import MemoryGallery
from adapters.memory.health import MemoryProbe
from adapters.memory.jobs import MemoryQueue
from adapters.memory.models import MemoryModelStore
from adapters.memory.orphans import MemoryOrphans
from adapters.memory.passwords import MemoryPasswordHasher
from adapters.memory.people import MemoryPeople
from adapters.memory.processor import MemoryImageProcessor
from adapters.memory.rankings import MemoryRankings
from adapters.memory.sessions import MemorySessions
from adapters.memory.store import MemoryStore
from adapters.memory.threads import MemoryThreads
from adapters.memory.unit_of_work import MemoryBegin
from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.health import OnnxProbe
from adapters.onnx.models import OnnxModelStore
from adapters.pillow.processor import PillowImageProcessor
from adapters.postgres.answers import PostgresAnswers
from adapters.postgres.counters import PostgresCounters
from adapters.postgres.database import Database
from adapters.postgres.feeds import PostgresFeeds
from adapters.postgres.gallery import PostgresGallery
from adapters.postgres.health import PostgresProbe
from adapters.postgres.jobs import PostgresQueue
from adapters.postgres.migrations import PostgresMigrations
from adapters.postgres.orphans import PostgresOrphans
from adapters.postgres.people import PostgresPeople
from adapters.postgres.rankings import PostgresRankings
from adapters.postgres.sessions import PostgresSessions
from adapters.postgres.threads import PostgresThreads
from adapters.postgres.unit_of_work import PostgresBegin
from adapters.system.clock import SystemClock
from adapters.system.ids import SystemIds
from domain.limits import Limits
from domain.services.accounts import Accounts
from domain.services.browsing import Browsing
from domain.services.checkup import Checkup
from domain.services.commenting import Commenting
from domain.services.evaluating import Evaluating
from domain.services.following import Following
from domain.services.importing import Importing
from domain.services.liking import LikingPosts
from domain.services.posting import Posting
from domain.services.ranking import Ranking
from domain.services.signing_in import SigningIn, TokenLife
from domain.services.sweeping import Sweeping
from domain.services.understanding import ImageUnderstanding
from domain.services.uploading import Uploading


class Container(containers.DeclarativeContainer):
    config = providers.Configuration(strict=True)

    # What every mode shares
    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(SystemIds)
    jitter = providers.Object(random.random)
    limits = providers.Singleton(
        Limits,
        max_upload_bytes=config.max_upload_bytes,
        max_pixels=config.max_pixels,
        max_images_per_post=config.max_images_per_post,
        max_text=config.max_text,
        max_follows=config.max_follows,
    )
    token_life = providers.Singleton(TokenLife, days=config.token_days)

    # The database
    embedded = providers.Singleton(EmbeddedPostgres, home=config.home)
    database_url = providers.Selector(
        config.database,
        embedded=providers.Callable(attrgetter("url"), embedded),
        external=config.database_url,
    )
    database = providers.Singleton(Database, url=database_url.provider)
    psql = providers.Callable(psql_command, database_url)
    migrations = providers.Singleton(PostgresMigrations, database=database)
    memory = providers.Singleton(MemoryStore)
    begin = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryBegin, memory),
        postgres=providers.Singleton(PostgresBegin, database),
    )
    people = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryPeople, memory),
        postgres=providers.Singleton(PostgresPeople, database),
    )
    sessions = providers.Selector(
        config.store,
        memory=providers.Singleton(MemorySessions, memory),
        postgres=providers.Singleton(PostgresSessions, database),
    )
    gallery = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryGallery, memory),
        postgres=providers.Singleton(PostgresGallery, database),
    )
    feeds = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryFeeds, memory),
        postgres=providers.Singleton(PostgresFeeds, database),
    )
    rankings = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryRankings, memory),
        postgres=providers.Singleton(PostgresRankings, database),
    )
    threads = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryThreads, memory),
        postgres=providers.Singleton(PostgresThreads, database),
    )
    orphans = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryOrphans, memory),
        postgres=providers.Singleton(PostgresOrphans, database),
    )
    answers = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryAnswers),
        postgres=providers.Singleton(PostgresAnswers, database),
    )
    counters = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryCounters, memory),
        postgres=providers.Singleton(PostgresCounters, database),
    )
    queue = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryQueue, memory),
        postgres=providers.Singleton(PostgresQueue, database),
    )

    database_probe = providers.Selector(
        config.store,
        memory=providers.Singleton(MemoryProbe, "database"),
        postgres=providers.Singleton(PostgresProbe, database, migrations),
    )

    # Bytes, pictures, passwords
    blobs_folder = config.home.as_(lambda home: home / "blobs")
    blobs = providers.Selector(
        config.blobs,
        filesystem=providers.Singleton(FilesystemBlobStore, folder=blobs_folder),
        memory=providers.Singleton(MemoryBlobStore),
    )
    blobs_probe = providers.Selector(
        config.blobs,
        filesystem=providers.Singleton(FilesystemProbe, folder=blobs_folder),
        memory=providers.Singleton(MemoryProbe, "storage"),
    )
    processor = providers.Selector(
        config.processor,
        pillow=providers.Singleton(PillowImageProcessor, limits=limits),
        memory=providers.Singleton(MemoryImageProcessor, limits=limits),
    )
    passwords = providers.Selector(
        config.passwords,
        argon2=providers.Singleton(Argon2PasswordHasher),
        memory=providers.Singleton(MemoryPasswordHasher),
    )

    # The eye
    model_store = providers.Selector(
        config.classifier,
        onnx=providers.Singleton(OnnxModelStore, home=config.home),
        memory=providers.Singleton(MemoryModelStore),
    )
    classifier = providers.Selector(
        config.classifier,
        onnx=providers.Singleton(OnnxImageClassifier, models=model_store, device=config.device, limits=limits),
        memory=providers.Singleton(MemoryImageClassifier),
    )
    model_probe = providers.Selector(
        config.classifier,
        onnx=providers.Singleton(OnnxProbe, models=model_store),
        memory=providers.Singleton(MemoryProbe, "model"),
    )
    captions = providers.Selector(
        config.captions,
        labels=providers.Singleton(LabelCaptionWriter),
        memory=providers.Singleton(MemoryCaptionWriter),
        off=providers.Object(None),
    )

    # What Tintype can do
    accounts = providers.Singleton(Accounts, begin=begin, people=people, passwords=passwords, clock=clock, ids=ids)
    signing_in = providers.Singleton(
        SigningIn,
        begin=begin,
        people=people,
        sessions=sessions,
        passwords=passwords,
        clock=clock,
        ids=ids,
        life=token_life,
    )
    uploading = providers.Singleton(
        Uploading,
        begin=begin,
        processor=processor,
        blobs=blobs,
        gallery=gallery,
        captions=captions,
        clock=clock,
        ids=ids,
    )
    posting = providers.Singleton(Posting, begin=begin, feeds=feeds, clock=clock, ids=ids, limits=limits)
    browsing = providers.Singleton(Browsing, feeds=feeds, people=people)
    following = providers.Singleton(Following, begin=begin, people=people, clock=clock, limits=limits)
    liking = providers.Singleton(LikingPosts, begin=begin, feeds=feeds, people=people, clock=clock)
    commenting = providers.Singleton(Commenting, begin=begin, feeds=feeds, threads=threads, clock=clock, ids=ids)
    ranking = providers.Singleton(Ranking, rankings=rankings, clock=clock)
    understanding = providers.Singleton(
        ImageUnderstanding,
        begin=begin,
        gallery=gallery,
        blobs=blobs,
        classifier=classifier,
        captions=captions,
        clock=clock,
        jitter=jitter,
    )
    importing = providers.Singleton(Importing, uploading=uploading, posting=posting, gallery=gallery)
    sweeping = providers.Singleton(Sweeping, orphans=orphans, blobs=blobs, clock=clock)
    evaluating = providers.Singleton(Evaluating, classifier=classifier)
    checkup = providers.Singleton(Checkup, probes=providers.List(database_probe, blobs_probe, model_probe))
