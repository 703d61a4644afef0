"""The PostgreSQL storage."""

from adapters.postgres.audit_log_reader import PostgresAuditLogReader
from adapters.postgres.blocklist_reader import PostgresBlocklistReader
from adapters.postgres.comment_reader import PostgresCommentReader
from adapters.postgres.counters import PostgresCounters
from adapters.postgres.database import Database
from adapters.postgres.decision_reader import PostgresDecisionReader
from adapters.postgres.desired_models import PostgresDesiredModels
from adapters.postgres.health import PostgresProbe
from adapters.postgres.idempotency_store import PostgresIdempotencyStore
from adapters.postgres.identity_reader import PostgresIdentityReader
from adapters.postgres.image_reader import PostgresImageReader
from adapters.postgres.invite_reader import PostgresInviteReader
from adapters.postgres.jobs import PostgresQueue
from adapters.postgres.known_origins import PostgresKnownOrigins
from adapters.postgres.likes import PostgresLikes
from adapters.postgres.maintenance_runs import PostgresMaintenanceRuns
from adapters.postgres.notification_reader import PostgresNotificationReader
from adapters.postgres.post_reader import PostgresPostReader
from adapters.postgres.ranking_reader import PostgresRankingReader
from adapters.postgres.ranking_snapshots import PostgresRankingSnapshots
from adapters.postgres.rate_limits import PostgresRateMeter
from adapters.postgres.referenced_blob_reader import PostgresReferencedBlobReader
from adapters.postgres.report_reader import PostgresReportReader
from adapters.postgres.rising_tag_lists import PostgresRisingTagLists
from adapters.postgres.sample_data import PostgresSampleData
from adapters.postgres.search_reader import PostgresSearchReader
from adapters.postgres.second_factor_reader import PostgresSecondFactorReader
from adapters.postgres.sensitivity_score_reader import PostgresSensitivityScoreReader
from adapters.postgres.similar_post_reader import PostgresSimilarPostReader
from adapters.postgres.subscriptions import PostgresSubscriptions
from adapters.postgres.tag_reader import PostgresTagReader
from adapters.postgres.terms_reader import PostgresTermsReader
from adapters.postgres.token_reader import PostgresTokenReader
from adapters.postgres.unit_of_work import PostgresUnitOfWorkFactory
from adapters.postgres.unreferenced_blobs import PostgresUnreferencedBlobs
from adapters.postgres.user_reader import PostgresUserReader
from adapters.postgres.verdict_reader import PostgresVerdictReader
from domain.storage import Storage, StorageBounds


class PostgresStorage(Storage):
    """The storage on a database whose schema is usable."""

    def __init__(self, database: Database, bounds: StorageBounds = StorageBounds()) -> None:  # noqa: B008 — it is frozen
        ranking_snapshots = PostgresRankingSnapshots(database, bounds.ranking_depth, bounds.ranking_snapshots)
        super().__init__(
            begin=PostgresUnitOfWorkFactory(database),
            idempotency_store=PostgresIdempotencyStore(database),
            counters=PostgresCounters(database),
            post_reader=PostgresPostReader(database),
            image_reader=PostgresImageReader(database),
            invite_reader=PostgresInviteReader(database),
            known_origins=PostgresKnownOrigins(database),
            likes=PostgresLikes(database),
            maintenance_runs=PostgresMaintenanceRuns(database),
            similar_post_reader=PostgresSimilarPostReader(database),
            notification_reader=PostgresNotificationReader(database),
            referenced_blob_reader=PostgresReferencedBlobReader(database),
            unreferenced_blobs=PostgresUnreferencedBlobs(database),
            user_reader=PostgresUserReader(database),
            probe=PostgresProbe(database),
            queue=PostgresQueue(database),
            ranking_reader=PostgresRankingReader(database, ranking_snapshots),
            ranking_snapshots=ranking_snapshots,
            rate_meter=PostgresRateMeter(database),
            sample_data=PostgresSampleData(database),
            search_reader=PostgresSearchReader(database, bounds.searched_posts),
            second_factor_reader=PostgresSecondFactorReader(database),
            identity_reader=PostgresIdentityReader(database),
            terms_reader=PostgresTermsReader(database),
            token_reader=PostgresTokenReader(database),
            subscriptions=PostgresSubscriptions(database),
            tag_reader=PostgresTagReader(database),
            comment_reader=PostgresCommentReader(database),
            verdict_reader=PostgresVerdictReader(database),
            sensitivity_score_reader=PostgresSensitivityScoreReader(database),
            report_reader=PostgresReportReader(database),
            rising_tag_lists=PostgresRisingTagLists(database),
            decision_reader=PostgresDecisionReader(database),
            desired_models=PostgresDesiredModels(database),
            audit_log_reader=PostgresAuditLogReader(database),
            blocklist_reader=PostgresBlocklistReader(database),
        )
