"""The container: a table of contents of what Tintype can do. The technologies under it are in `technologies`."""

from dependency_injector.providers import List, Singleton

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
from domain.services.signing_in import SigningIn
from domain.services.sweeping import Sweeping
from domain.services.tagging import Tagging
from domain.services.understanding import ImageUnderstanding
from domain.services.uploading import Uploading
from technologies import Technologies

T = Technologies


class Container(Technologies):
    begin = T.storage.provided.begin
    people = T.storage.provided.people
    feeds = T.storage.provided.feeds
    gallery = T.storage.provided.gallery

    accounts = Singleton(Accounts, begin=begin, people=people, passwords=T.passwords, clock=T.clock, ids=T.ids)
    rate_limiting = Singleton(
        RateLimiting, meter=T.storage.provided.rate_meter, clock=T.clock, enabled=T.config.rate_limited
    )
    guard = Singleton(
        SignInGuard, origins=T.storage.provided.known_origins, rate_limiting=rate_limiting, clock=T.clock, ids=T.ids
    )
    signing_in = Singleton(
        SigningIn,
        begin=begin,
        people=people,
        sessions=T.storage.provided.sessions,
        passwords=T.passwords,
        clock=T.clock,
        ids=T.ids,
        life=T.token_life,
        guard=guard,
    )
    uploading = Singleton(
        Uploading,
        begin=begin,
        processor=T.processor,
        blobs=T.blobs,
        gallery=gallery,
        captions=T.captions,
        clock=T.clock,
        ids=T.ids,
        quota=T.quota,
    )
    posting = Singleton(Posting, begin=begin, feeds=feeds, clock=T.clock, ids=T.ids, limits=T.limits)
    browsing = Singleton(Browsing, feeds=feeds, people=people)
    following = Singleton(Following, begin=begin, people=people, clock=T.clock, ids=T.ids, limits=T.limits)
    blocking = Singleton(BlockingPeople, begin=begin, people=people, clock=T.clock)
    liking = Singleton(
        LikingPosts, likes=T.storage.provided.likes, feeds=feeds, people=people, clock=T.clock, ids=T.ids
    )
    notifying = Singleton(
        Notifying, notifications=T.storage.provided.notifications, subscriptions=T.storage.provided.subscriptions
    )
    commenting = Singleton(
        Commenting, begin=begin, feeds=feeds, threads=T.storage.provided.threads, clock=T.clock, ids=T.ids
    )
    searching = Singleton(
        Searching,
        search=T.storage.provided.search,
        gallery=gallery,
        lookalikes=T.storage.provided.lookalikes,
        classifier=T.classifier,
        limits=T.limits,
    )
    indexing = Singleton(Indexing, begin=begin, search=T.storage.provided.search)
    tagging = Singleton(Tagging, tags=T.storage.provided.tags, clock=T.clock)
    ranking = Singleton(Ranking, rankings=T.storage.provided.rankings, clock=T.clock)
    captioning = Singleton(
        Captioning,
        begin=begin,
        blobs=T.blobs,
        writer=T.captions,
        prices=T.config.caption_prices,
        budget=T.budget,
        clock=T.clock,
        ids=T.ids,
    )
    understanding = Singleton(
        ImageUnderstanding,
        begin=begin,
        gallery=gallery,
        blobs=T.blobs,
        classifier=T.classifier,
        captioning=captioning,
        clock=T.clock,
        jitter=T.jitter,
    )
    judging = Singleton(Judging, begin=begin, gallery=gallery, verdicts=T.storage.provided.verdicts)
    importing = Singleton(Importing, uploading=uploading, posting=posting, gallery=gallery)
    sampling = Singleton(
        Sampling,
        accounts=accounts,
        uploading=uploading,
        sample_data=T.storage.provided.sample_data,
        clock=T.clock,
        limits=T.limits,
    )
    sweeping = Singleton(Sweeping, begin=begin, orphans=T.storage.provided.orphans, blobs=T.blobs, clock=T.clock)
    installing = Singleton(Installing, models=T.model_store, converter=T.converter, default=T.default_model)
    fetching = Singleton(
        ModelFetcher,
        models=T.model_store,
        converter=T.converter,
        downloader=T.downloader,
        records=T.fetch_records,
        clock=T.clock,
        jitter=T.jitter,
        sources=T.config.model_sources,
    )
    quantizing = Singleton(Quantizing, quantizer=T.quantizer)
    evaluating = Singleton(Evaluating, classifier=T.classifier)
    checkup = Singleton(Checkup, probes=List(T.storage.provided.probe, T.blobs_probe, T.model_probe, T.captions_probe))
