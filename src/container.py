"""The container: a table of contents of what Tintype is made of. Settings choose each technology; no logic here."""

import random
from functools import partial
from operator import attrgetter

from dependency_injector.containers import DeclarativeContainer
from dependency_injector.providers import Callable, Configuration, List, Object, Selector, Singleton

from adapters.argon2.passwords import Argon2PasswordHasher
from adapters.decoding.pool import DecodingPool
from adapters.download.downloader import HttpModelDownloader
from adapters.efficientnet.default_model import EfficientNetDefaultModel
from adapters.embedded.server import EmbeddedPostgres, psql_command
from adapters.filesystem.blobs import FilesystemBlobStore
from adapters.filesystem.fetch_records import FilesystemFetchRecords
from adapters.filesystem.health import FilesystemProbe
from adapters.inference.classifier import HttpImageClassifier
from adapters.inference.health import InferenceProbe
from adapters.labels.captions import LabelCaptionWriter
from adapters.memory.answers import MemoryAnswers
from adapters.memory.blobs import MemoryBlobStore
from adapters.memory.captions import MemoryCaptionWriter
from adapters.memory.classifier import MemoryImageClassifier
from adapters.memory.converter import MemoryModelConverter
from adapters.memory.counters import MemoryCounters
from adapters.memory.default_model import MemoryDefaultModel
from adapters.memory.downloader import MemoryModelDownloader
from adapters.memory.feeds import MemoryFeeds
from adapters.memory.fetch_records import MemoryFetchRecords
from adapters.memory.gallery import MemoryGallery
from adapters.memory.health import MemoryProbe
from adapters.memory.jobs import MemoryQueue
from adapters.memory.known_origins import MemoryKnownOrigins
from adapters.memory.likes import MemoryLikes
from adapters.memory.lookalikes import MemoryLookalikes
from adapters.memory.models import MemoryModelStore
from adapters.memory.network import MemoryNetwork
from adapters.memory.notifications import MemoryNotifications, MemorySubscriptions
from adapters.memory.orphans import MemoryOrphans
from adapters.memory.passwords import MemoryPasswordHasher
from adapters.memory.people import MemoryPeople
from adapters.memory.processor import MemoryImageProcessor
from adapters.memory.quantizer import MemoryModelQuantizer
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
from adapters.onnx.classifier import OnnxImageClassifier
from adapters.onnx.device_health import DeviceProbe
from adapters.onnx.health import OnnxProbe
from adapters.onnx.installed import runtime_package
from adapters.onnx.models import OnnxModelStore
from adapters.onnx.network import OnnxNetwork
from adapters.onnx.quantizer import OnnxModelQuantizer
from adapters.openai.captions import OpenAiCaptionWriter
from adapters.openai.health import OpenAiProbe
from adapters.postgres.lazy import postgres
from adapters.system.clock import SystemClock
from adapters.system.fetch_health import FetchProbe
from adapters.system.health import SystemProbe
from adapters.system.ids import SystemIds
from adapters.tensorflow.converter import TensorFlowModelConverter
from adapters.transformers.captions import TransformersCaptionWriter
from adapters.transformers.health import TransformersProbe
from adapters.vips.processor import VipsImageProcessor
from domain.ledger import Budget
from domain.limits import Limits
from domain.quotas import DailyQuota
from domain.services.accounts import Accounts
from domain.services.blocking import BlockingPeople
from domain.services.browsing import Browsing
from domain.services.captioning import Captioning
from domain.services.checkup import Checkup
from domain.services.commenting import Commenting
from domain.services.evaluating import Evaluating
from domain.services.fetching import ModelFetcher
from domain.services.following import Following
from domain.services.guarding import SignInGuard
from domain.services.importing import Importing
from domain.services.indexing import Indexing
from domain.services.installing import Installing
from domain.services.judging import Judging
from domain.services.liking import LikingPosts
from domain.services.notifying import Notifying
from domain.services.posting import Posting
from domain.services.quantizing import Quantizing
from domain.services.ranking import Ranking
from domain.services.rate_limiting import RateLimiting
from domain.services.sampling import Sampling
from domain.services.searching import Searching
from domain.services.signing_in import SigningIn, TokenLife
from domain.services.sweeping import Sweeping
from domain.services.tagging import Tagging
from domain.services.understanding import ImageUnderstanding
from domain.services.uploading import Uploading


class Container(DeclarativeContainer):
    config = Configuration(strict=True)

    # What every mode shares
    clock = Singleton(SystemClock)
    ids = Singleton(SystemIds)
    jitter = Object(random.random)
    limits = Singleton(
        Limits,
        max_upload_bytes=config.max_upload_bytes,
        max_pixels=config.max_pixels,
        max_images_per_post=config.max_images_per_post,
        max_text=config.max_text,
        max_follows=config.max_follows,
    )
    quota = Singleton(DailyQuota, images=config.daily_upload_images, bytes=config.daily_upload_bytes)
    token_life = Singleton(TokenLife, days=config.token_days)

    # The database
    embedded = Singleton(EmbeddedPostgres, home=config.home, user_namespace=config.user_namespace)
    database_url = Selector(
        config.database,
        embedded=Callable(attrgetter("url"), embedded),
        external=config.database_url,
    )
    database = Singleton(postgres("database.Database"), url=database_url.provider)
    psql = Callable(psql_command, database_url)
    migrations = Singleton(postgres("migrations.PostgresMigrations"), database=database)
    memory = Singleton(MemoryStore)
    by_store = partial(Selector, config.store)
    begin = by_store(
        memory=Singleton(MemoryBegin, memory), postgres=Singleton(postgres("unit_of_work.PostgresBegin"), database)
    )
    people = by_store(
        memory=Singleton(MemoryPeople, memory), postgres=Singleton(postgres("people.PostgresPeople"), database)
    )
    sessions = by_store(
        memory=Singleton(MemorySessions, memory), postgres=Singleton(postgres("sessions.PostgresSessions"), database)
    )
    gallery = by_store(
        memory=Singleton(MemoryGallery, memory), postgres=Singleton(postgres("gallery.PostgresGallery"), database)
    )
    feeds = by_store(
        memory=Singleton(MemoryFeeds, memory), postgres=Singleton(postgres("feeds.PostgresFeeds"), database)
    )
    rankings = by_store(
        memory=Singleton(MemoryRankings, memory), postgres=Singleton(postgres("rankings.PostgresRankings"), database)
    )
    threads = by_store(
        memory=Singleton(MemoryThreads, memory), postgres=Singleton(postgres("threads.PostgresThreads"), database)
    )
    notifications = by_store(
        memory=Singleton(MemoryNotifications, memory),
        postgres=Singleton(postgres("notifications.PostgresNotifications"), database),
    )
    subscriptions = by_store(
        memory=Singleton(MemorySubscriptions, memory),
        postgres=Singleton(postgres("subscriptions.PostgresSubscriptions"), database),
    )
    likes = by_store(
        memory=Singleton(MemoryLikes, memory), postgres=Singleton(postgres("likes.PostgresLikes"), database)
    )
    search = by_store(
        memory=Singleton(MemorySearch, memory), postgres=Singleton(postgres("search.PostgresSearch"), database)
    )
    tags = by_store(memory=Singleton(MemoryTags, memory), postgres=Singleton(postgres("tags.PostgresTags"), database))
    lookalikes = by_store(
        memory=Singleton(MemoryLookalikes, memory),
        postgres=Singleton(postgres("lookalikes.PostgresLookalikes"), database),
    )
    orphans = by_store(
        memory=Singleton(MemoryOrphans, memory), postgres=Singleton(postgres("orphans.PostgresOrphans"), database)
    )
    answers = by_store(
        memory=Singleton(MemoryAnswers), postgres=Singleton(postgres("answers.PostgresAnswers"), database)
    )
    rate_meter = by_store(
        memory=Singleton(MemoryRateMeter), postgres=Singleton(postgres("rate_limits.PostgresRateMeter"), database)
    )
    known_origins = by_store(
        memory=Singleton(MemoryKnownOrigins, memory),
        postgres=Singleton(postgres("known_origins.PostgresKnownOrigins"), database),
    )
    sample_data = by_store(
        memory=Singleton(MemorySampleData), postgres=Singleton(postgres("sample_data.PostgresSampleData"), database)
    )
    counters = by_store(
        memory=Singleton(MemoryCounters, memory), postgres=Singleton(postgres("counters.PostgresCounters"), database)
    )
    verdicts = by_store(
        memory=Singleton(MemoryVerdicts, memory), postgres=Singleton(postgres("verdicts.PostgresVerdicts"), database)
    )
    queue = by_store(
        memory=Singleton(MemoryQueue, memory), postgres=Singleton(postgres("jobs.PostgresQueue"), database)
    )
    database_probe = by_store(
        memory=Singleton(MemoryProbe, "database"),
        postgres=Singleton(postgres("health.PostgresProbe"), database, migrations),
    )

    # Bytes, pictures, passwords
    blobs_folder = config.home.as_(lambda home: home / "blobs")
    blobs = Selector(
        config.blobs,
        filesystem=Singleton(FilesystemBlobStore, folder=blobs_folder, min_free=config.min_free_bytes),
        memory=Singleton(MemoryBlobStore),
    )
    blobs_probe = Selector(
        config.blobs,
        filesystem=Singleton(FilesystemProbe, folder=blobs_folder, min_free=config.min_free_bytes),
        memory=Singleton(MemoryProbe, "storage"),
    )
    decoding = Singleton(DecodingPool)
    processor = Selector(
        config.processor,
        vips=Singleton(VipsImageProcessor, limits=limits, pool=decoding),
        memory=Singleton(MemoryImageProcessor, limits=limits),
    )
    passwords = Selector(
        config.passwords,
        argon2=Singleton(Argon2PasswordHasher),
        memory=Singleton(MemoryPasswordHasher),
    )

    # The eye
    onnx_runtime, no_runtime = Callable(runtime_package), Object("none needed")
    classifier_runtime = Selector(config.classifier, onnx=onnx_runtime, http=no_runtime, memory=no_runtime)
    network_runtime = Selector(config.classifier, onnx=onnx_runtime, http=onnx_runtime, memory=no_runtime)
    model_store = Selector(
        config.classifier,
        onnx=Singleton(OnnxModelStore, home=config.home),
        http=Singleton(OnnxModelStore, home=config.home),
        memory=Singleton(MemoryModelStore),
    )
    converter = Selector(
        config.classifier,
        onnx=Singleton(TensorFlowModelConverter, checkout=config.checkout, pool=decoding),
        http=Singleton(TensorFlowModelConverter, checkout=config.checkout, pool=decoding),
        memory=Singleton(MemoryModelConverter),
    )
    downloader = Selector(
        config.classifier,
        onnx=Singleton(HttpModelDownloader),
        http=Singleton(HttpModelDownloader),
        memory=Singleton(MemoryModelDownloader),
    )
    fetch_records = Selector(
        config.classifier,
        onnx=Singleton(FilesystemFetchRecords, home=config.home),
        http=Singleton(FilesystemFetchRecords, home=config.home),
        memory=Singleton(MemoryFetchRecords),
    )
    default_model = Selector(
        config.classifier,
        onnx=Singleton(EfficientNetDefaultModel),
        http=Singleton(EfficientNetDefaultModel),
        memory=Singleton(MemoryDefaultModel),
    )
    onnx_network = Singleton(OnnxNetwork, models=model_store, device=config.device, precision=config.precision)
    network = Selector(config.classifier, onnx=onnx_network, http=onnx_network, memory=Singleton(MemoryNetwork))
    classifier = Selector(
        config.classifier,
        onnx=Singleton(OnnxImageClassifier, network=onnx_network, limits=limits, pool=decoding),
        http=Singleton(HttpImageClassifier, urls=config.inference_urls, limits=limits, pool=decoding),
        memory=Singleton(MemoryImageClassifier),
    )
    quantizer = Selector(
        config.classifier,
        onnx=Singleton(OnnxModelQuantizer, models=model_store, limits=limits, pool=decoding),
        http=Singleton(OnnxModelQuantizer, models=model_store, limits=limits, pool=decoding),
        memory=Singleton(MemoryModelQuantizer, classifier=classifier),
    )
    model_probe = Selector(
        config.classifier,
        onnx=Singleton(OnnxProbe, models=model_store),
        http=Singleton(InferenceProbe, classifier=classifier, urls=config.inference_url),
        memory=Singleton(MemoryProbe, "model"),
    )
    fetch_probe = Singleton(FetchProbe, models=model_store, records=fetch_records, enabled=config.fetches)
    device_probe = Singleton(DeviceProbe, device=config.device)
    captions = Selector(
        config.captions,
        openai=Singleton(
            OpenAiCaptionWriter,
            api_key=config.openai_api_key,
            base_url=config.openai_base_url,
            model=config.openai_model,
            limits=limits,
            pool=decoding,
        ),
        transformers=Singleton(TransformersCaptionWriter, folder=config.caption_model, limits=limits, pool=decoding),
        labels=Singleton(LabelCaptionWriter),
        memory=Singleton(MemoryCaptionWriter),
        off=Object(None),
    )
    captions_probe = Selector(
        config.captions,
        openai=Singleton(
            OpenAiProbe,
            api_key=config.openai_api_key,
            base_url=config.openai_base_url,
            model=config.openai_model,
            prices=config.caption_prices,
        ),
        transformers=Singleton(TransformersProbe, folder=config.caption_model),
        labels=Singleton(SystemProbe, "captions", "drafted from the labels, offline"),
        memory=Singleton(MemoryProbe, "captions"),
        off=Singleton(SystemProbe, "captions", "switched off (TINTYPE_CAPTIONS)"),
    )
    budget = Singleton(Budget, daily=config.caption_daily_usd, per_user=config.caption_user_daily_usd)

    # What Tintype can do
    accounts = Singleton(Accounts, begin=begin, people=people, passwords=passwords, clock=clock, ids=ids)
    rate_limiting = Singleton(RateLimiting, meter=rate_meter, clock=clock, enabled=config.rate_limited)
    guard = Singleton(SignInGuard, origins=known_origins, rate_limiting=rate_limiting, clock=clock, ids=ids)
    signing_in = Singleton(
        SigningIn,
        begin=begin,
        people=people,
        sessions=sessions,
        passwords=passwords,
        clock=clock,
        ids=ids,
        life=token_life,
        guard=guard,
    )
    uploading = Singleton(
        Uploading,
        begin=begin,
        processor=processor,
        blobs=blobs,
        gallery=gallery,
        captions=captions,
        clock=clock,
        ids=ids,
        quota=quota,
    )
    posting = Singleton(Posting, begin=begin, feeds=feeds, clock=clock, ids=ids, limits=limits)
    browsing = Singleton(Browsing, feeds=feeds, people=people)
    following = Singleton(Following, begin=begin, people=people, clock=clock, ids=ids, limits=limits)
    blocking = Singleton(BlockingPeople, begin=begin, people=people, clock=clock)
    liking = Singleton(LikingPosts, likes=likes, feeds=feeds, people=people, clock=clock, ids=ids)
    notifying = Singleton(Notifying, notifications=notifications, subscriptions=subscriptions)
    commenting = Singleton(Commenting, begin=begin, feeds=feeds, threads=threads, clock=clock, ids=ids)
    searching = Singleton(
        Searching, search=search, gallery=gallery, lookalikes=lookalikes, classifier=classifier, limits=limits
    )
    indexing = Singleton(Indexing, begin=begin, search=search)
    tagging = Singleton(Tagging, tags=tags, clock=clock)
    ranking = Singleton(Ranking, rankings=rankings, clock=clock)
    captioning = Singleton(
        Captioning,
        begin=begin,
        blobs=blobs,
        writer=captions,
        prices=config.caption_prices,
        budget=budget,
        clock=clock,
        ids=ids,
    )
    understanding = Singleton(
        ImageUnderstanding,
        begin=begin,
        gallery=gallery,
        blobs=blobs,
        classifier=classifier,
        captioning=captioning,
        clock=clock,
        jitter=jitter,
    )
    judging = Singleton(Judging, begin=begin, gallery=gallery, verdicts=verdicts)
    importing = Singleton(Importing, uploading=uploading, posting=posting, gallery=gallery)
    sampling = Singleton(
        Sampling, accounts=accounts, uploading=uploading, sample_data=sample_data, clock=clock, limits=limits
    )
    sweeping = Singleton(Sweeping, begin=begin, orphans=orphans, blobs=blobs, clock=clock)
    installing = Singleton(Installing, models=model_store, converter=converter, default=default_model)
    fetching = Singleton(
        ModelFetcher,
        models=model_store,
        converter=converter,
        downloader=downloader,
        records=fetch_records,
        clock=clock,
        jitter=jitter,
        sources=config.model_sources,
    )
    quantizing = Singleton(Quantizing, quantizer=quantizer)
    evaluating = Singleton(Evaluating, classifier=classifier)
    checkup = Singleton(Checkup, probes=List(database_probe, blobs_probe, model_probe, captions_probe))
