"""The ports of everything that is stored in rows."""

from dataclasses import dataclass

from domain.audit_log import AuditLogReader
from domain.blocklist import BlocklistReader
from domain.comments import CommentReader
from domain.counters import Counters
from domain.decisions import DecisionReader
from domain.health import Probe
from domain.idempotency import IdempotencyStore
from domain.identities import IdentityReader
from domain.images import ImageReader
from domain.invites import InviteReader
from domain.jobs import Queue
from domain.known_origins import KnownOrigins
from domain.likes import Likes
from domain.maintenance import MaintenanceRuns
from domain.notifications import NotificationReader, Subscriptions
from domain.post_views import PostReader
from domain.profiles import UserReader
from domain.rankings import MAX_RANKING_DEPTH, MAX_SNAPSHOTS, RankingReader, RankingSnapshots
from domain.rate_limits import RateMeter
from domain.referenced_blobs import ReferencedBlobReader
from domain.reports import ReportReader
from domain.sample_data import SampleData
from domain.search import MAX_SEARCHED_POSTS, SearchReader
from domain.second_factors import SecondFactorReader
from domain.sensitive_media import SensitivityScoreReader
from domain.similarity import SimilarPostReader
from domain.tags import RisingTagLists, TagReader
from domain.terms import TermsReader
from domain.tokens import TokenReader
from domain.unit_of_work import UnitOfWorkFactory
from domain.unreferenced_blobs import UnreferencedBlobs
from domain.vision.desired_model import DesiredModels
from domain.vision.verdicts import VerdictReader


@dataclass(frozen=True, slots=True)
class StorageBounds:
    """The limits of a storage. Tests use smaller ones."""

    ranking_depth: int = MAX_RANKING_DEPTH
    ranking_snapshots: int = MAX_SNAPSHOTS
    searched_posts: int = MAX_SEARCHED_POSTS


@dataclass
class Storage:
    """One object for each port. `begin` gives access to the ports of a unit of work."""

    begin: UnitOfWorkFactory
    idempotency_store: IdempotencyStore
    counters: Counters
    post_reader: PostReader
    image_reader: ImageReader
    invite_reader: InviteReader
    known_origins: KnownOrigins
    likes: Likes
    maintenance_runs: MaintenanceRuns
    similar_post_reader: SimilarPostReader
    notification_reader: NotificationReader
    referenced_blob_reader: ReferencedBlobReader
    unreferenced_blobs: UnreferencedBlobs
    user_reader: UserReader
    probe: Probe
    queue: Queue
    ranking_reader: RankingReader
    ranking_snapshots: RankingSnapshots
    rate_meter: RateMeter
    sample_data: SampleData
    search_reader: SearchReader
    second_factor_reader: SecondFactorReader
    identity_reader: IdentityReader
    terms_reader: TermsReader
    token_reader: TokenReader
    subscriptions: Subscriptions
    tag_reader: TagReader
    comment_reader: CommentReader
    verdict_reader: VerdictReader
    sensitivity_score_reader: SensitivityScoreReader
    report_reader: ReportReader
    rising_tag_lists: RisingTagLists
    decision_reader: DecisionReader
    desired_models: DesiredModels
    audit_log_reader: AuditLogReader
    blocklist_reader: BlocklistReader
