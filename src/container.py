"""The container: provides the services. `technologies` provides the adapters they use."""

from dependency_injector.providers import List, Singleton

from analysis_services import AnalysisServices
from domain.services.archive_importing import ArchiveImporting
from domain.services.backing_up import BackingUp
from domain.services.blob_copying import BlobCopying
from domain.services.blob_verification import BlobVerification
from domain.services.blocking import Blocking
from domain.services.browsing import Browsing
from domain.services.commenting import Commenting
from domain.services.exporting import Exporting
from domain.services.following import Following
from domain.services.health_checks import HealthChecks
from domain.services.importing import Importing
from domain.services.indexing import Indexing
from domain.services.liking import Liking
from domain.services.notifying import Notifying
from domain.services.posting import Posting
from domain.services.ranking import Ranking
from domain.services.relation_importing import RelationImporting
from domain.services.sampling import Sampling
from domain.services.searching import Searching
from domain.services.sweeping import Sweeping
from domain.services.tagging import Tagging
from domain.services.uploading import Uploading

T = AnalysisServices


class Container(AnalysisServices):
    uploading = Singleton(
        Uploading,
        begin=T.begin,
        processor=T.processor,
        blobs=T.blobs,
        unreferenced_blobs=T.storage.provided.unreferenced_blobs,
        image_reader=T.image_reader,
        caption_writers=T.caption_writers,
        image_screening=T.image_screening,
        sensitivity_scoring=T.sensitivity_scoring,
        clock=T.clock,
        ids=T.ids,
        quota=T.quota,
    )
    posting = Singleton(
        Posting,
        begin=T.begin,
        post_reader=T.post_reader,
        clock=T.clock,
        ids=T.ids,
        limits=T.limits,
        requires_verified_email=T.config.requires_verified_email,
    )
    browsing = Singleton(Browsing, post_reader=T.post_reader, user_reader=T.user_reader)
    following = Singleton(
        Following, begin=T.begin, user_reader=T.user_reader, clock=T.clock, ids=T.ids, limits=T.limits
    )
    blocking = Singleton(Blocking, begin=T.begin, user_reader=T.user_reader, clock=T.clock)
    liking = Singleton(
        Liking,
        likes=T.storage.provided.likes,
        post_reader=T.post_reader,
        user_reader=T.user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    notifying = Singleton(
        Notifying,
        begin=T.begin,
        notification_reader=T.storage.provided.notification_reader,
        subscriptions=T.storage.provided.subscriptions,
    )
    commenting = Singleton(
        Commenting,
        begin=T.begin,
        post_reader=T.post_reader,
        comment_reader=T.comment_reader,
        clock=T.clock,
        ids=T.ids,
    )
    searching = Singleton(
        Searching,
        search_reader=T.storage.provided.search_reader,
        image_reader=T.image_reader,
        similar_post_reader=T.storage.provided.similar_post_reader,
        classifier=T.classifier,
        limits=T.limits,
    )
    indexing = Singleton(Indexing, begin=T.begin, search_reader=T.storage.provided.search_reader)
    tagging = Singleton(
        Tagging,
        tag_reader=T.storage.provided.tag_reader,
        rising_tag_lists=T.storage.provided.rising_tag_lists,
        clock=T.clock,
    )
    ranking = Singleton(
        Ranking,
        ranking_reader=T.storage.provided.ranking_reader,
        ranking_snapshots=T.storage.provided.ranking_snapshots,
        clock=T.clock,
    )
    importing = Singleton(Importing, uploading=uploading, posting=posting, image_reader=T.image_reader)
    archive_importing = Singleton(
        ArchiveImporting,
        uploading=uploading,
        posting=posting,
        commenting=commenting,
        processor=T.processor,
        post_reader=T.post_reader,
        image_reader=T.image_reader,
        clock=T.clock,
        limits=T.limits,
    )
    relation_importing = Singleton(
        RelationImporting,
        archive_importing=archive_importing,
        accounts=T.accounts,
        consenting=T.consenting,
        commenting=commenting,
        liking=liking,
        following=following,
        blocking=blocking,
        user_reader=T.user_reader,
        post_reader=T.post_reader,
        clock=T.clock,
    )
    exporting = Singleton(
        Exporting,
        begin=T.begin,
        user_reader=T.user_reader,
        post_reader=T.post_reader,
        image_reader=T.image_reader,
        comment_reader=T.comment_reader,
        blobs=T.blobs,
    )
    sampling = Singleton(
        Sampling,
        accounts=T.accounts,
        uploading=uploading,
        sample_data=T.storage.provided.sample_data,
        sample_image=T.sample_image,
        clock=T.clock,
        limits=T.limits,
    )
    sweeping = Singleton(
        Sweeping, begin=T.begin, unreferenced_blobs=T.storage.provided.unreferenced_blobs, blobs=T.blobs, clock=T.clock
    )
    blob_copying = Singleton(BlobCopying)
    backing_up = Singleton(
        BackingUp,
        dumps=T.database_dumps,
        blobs=T.blobs,
        blob_copying=blob_copying,
        unreferenced_blobs=T.storage.provided.unreferenced_blobs,
        clock=T.clock,
        ids=T.ids,
    )
    blob_verification = Singleton(
        BlobVerification, blobs=T.blobs, referenced_blob_reader=T.storage.provided.referenced_blob_reader
    )
    health_checks = Singleton(
        HealthChecks, probes=List(T.storage.provided.probe, T.blobs_probe, T.model_probe, T.captions_probe)
    )
