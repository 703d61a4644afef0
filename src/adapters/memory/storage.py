"""The memory storage."""

from adapters.memory.audit_log_reader import MemoryAuditLogReader
from adapters.memory.blocklist_reader import MemoryBlocklistReader
from adapters.memory.clock import MemoryClock
from adapters.memory.comment_reader import MemoryCommentReader
from adapters.memory.counters import MemoryCounters
from adapters.memory.decision_reader import MemoryDecisionReader
from adapters.memory.desired_models import MemoryDesiredModels
from adapters.memory.health import MemoryProbe
from adapters.memory.idempotency_store import MemoryIdempotencyStore
from adapters.memory.identity_reader import MemoryIdentityReader
from adapters.memory.image_reader import MemoryImageReader
from adapters.memory.invite_reader import MemoryInviteReader
from adapters.memory.jobs import MemoryQueue
from adapters.memory.known_origins import MemoryKnownOrigins
from adapters.memory.likes import MemoryLikes
from adapters.memory.maintenance_runs import MemoryMaintenanceRuns
from adapters.memory.notification_reader import MemoryNotificationReader
from adapters.memory.post_reader import MemoryPostReader
from adapters.memory.ranking_reader import MemoryRankingReader
from adapters.memory.ranking_snapshots import MemoryRankingSnapshots
from adapters.memory.rate_limits import MemoryRateMeter
from adapters.memory.referenced_blob_reader import MemoryReferencedBlobReader
from adapters.memory.report_reader import MemoryReportReader
from adapters.memory.rising_tag_lists import MemoryRisingTagLists
from adapters.memory.sample_data import MemorySampleData
from adapters.memory.search_reader import MemorySearchReader
from adapters.memory.second_factor_reader import MemorySecondFactorReader
from adapters.memory.sensitivity_score_reader import MemorySensitivityScoreReader
from adapters.memory.similar_post_reader import MemorySimilarPostReader
from adapters.memory.store import MemoryStore
from adapters.memory.subscriptions import MemorySubscriptions
from adapters.memory.tag_reader import MemoryTagReader
from adapters.memory.terms_reader import MemoryTermsReader
from adapters.memory.token_reader import MemoryTokenReader
from adapters.memory.unit_of_work import MemoryUnitOfWorkFactory
from adapters.memory.unreferenced_blobs import MemoryUnreferencedBlobs
from adapters.memory.user_reader import MemoryUserReader
from adapters.memory.verdict_reader import MemoryVerdictReader
from domain.clock import Clock
from domain.storage import Storage, StorageBounds


class MemoryStorage(Storage):
    def __init__(self, bounds: StorageBounds = StorageBounds(), clock: Clock | None = None) -> None:  # noqa: B008 — it is frozen
        self.store = store = MemoryStore(clock or MemoryClock())
        ranking_snapshots = MemoryRankingSnapshots(bounds.ranking_snapshots)
        super().__init__(
            begin=MemoryUnitOfWorkFactory(store),
            idempotency_store=MemoryIdempotencyStore(),
            counters=MemoryCounters(store),
            post_reader=MemoryPostReader(store),
            image_reader=MemoryImageReader(store),
            invite_reader=MemoryInviteReader(store),
            known_origins=MemoryKnownOrigins(store),
            likes=MemoryLikes(store),
            maintenance_runs=MemoryMaintenanceRuns(),
            similar_post_reader=MemorySimilarPostReader(store),
            notification_reader=MemoryNotificationReader(store),
            referenced_blob_reader=MemoryReferencedBlobReader(store),
            unreferenced_blobs=MemoryUnreferencedBlobs(store),
            user_reader=MemoryUserReader(store),
            probe=MemoryProbe("database"),
            queue=MemoryQueue(store),
            ranking_reader=MemoryRankingReader(store, ranking_snapshots, bounds.ranking_depth),
            ranking_snapshots=ranking_snapshots,
            rate_meter=MemoryRateMeter(),
            sample_data=MemorySampleData(),
            search_reader=MemorySearchReader(store, bounds.searched_posts),
            second_factor_reader=MemorySecondFactorReader(store),
            identity_reader=MemoryIdentityReader(store),
            terms_reader=MemoryTermsReader(store),
            token_reader=MemoryTokenReader(store),
            subscriptions=MemorySubscriptions(store),
            tag_reader=MemoryTagReader(store),
            comment_reader=MemoryCommentReader(store),
            verdict_reader=MemoryVerdictReader(store),
            sensitivity_score_reader=MemorySensitivityScoreReader(store),
            report_reader=MemoryReportReader(store),
            rising_tag_lists=MemoryRisingTagLists(),
            decision_reader=MemoryDecisionReader(store),
            desired_models=MemoryDesiredModels(store),
            audit_log_reader=MemoryAuditLogReader(store),
            blocklist_reader=MemoryBlocklistReader(store),
        )
