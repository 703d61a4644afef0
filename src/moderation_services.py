"""Services of moderation: known images, reports, decisions and appeals."""

from dependency_injector.providers import Singleton

from account_services import AccountServices
from domain.services.appealing import Appealing
from domain.services.blocklisting import Blocklisting
from domain.services.image_hashing import ImageHashing
from domain.services.image_screening import ImageScreening
from domain.services.moderating import Moderating
from domain.services.reporting import Reporting
from domain.services.reviewing import Reviewing

T = AccountServices


class ModerationServices(AccountServices):
    image_screening = Singleton(
        ImageScreening,
        begin=T.begin,
        processor=T.processor,
        screening=T.screening,
        clock=T.clock,
        ids=T.ids,
        jitter=T.jitter,
        uses_blocklist=T.uses_blocklist,
    )
    image_hashing = Singleton(
        ImageHashing,
        begin=T.begin,
        blobs=T.blobs,
        processor=T.processor,
        image_screening=image_screening,
        clock=T.clock,
    )
    blocklisting = Singleton(
        Blocklisting,
        begin=T.begin,
        blocklist_reader=T.storage.provided.blocklist_reader,
        image_hashing=image_hashing,
        clock=T.clock,
        ids=T.ids,
    )
    reporting = Singleton(
        Reporting,
        begin=T.begin,
        post_reader=T.post_reader,
        comment_reader=T.comment_reader,
        image_reader=T.image_reader,
        user_reader=T.user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    moderating = Singleton(
        Moderating,
        begin=T.begin,
        report_reader=T.storage.provided.report_reader,
        decision_reader=T.decision_reader,
        audit_log_reader=T.storage.provided.audit_log_reader,
        user_reader=T.user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    reviewing = Singleton(
        Reviewing,
        post_reader=T.post_reader,
        comment_reader=T.comment_reader,
        image_reader=T.image_reader,
        user_reader=T.user_reader,
        similar_post_reader=T.storage.provided.similar_post_reader,
        decision_reader=T.decision_reader,
    )
    appealing = Singleton(
        Appealing,
        begin=T.begin,
        decision_reader=T.decision_reader,
        user_reader=T.user_reader,
        clock=T.clock,
        ids=T.ids,
    )
