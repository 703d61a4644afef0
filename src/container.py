"""The container: provides the services. `technologies` provides the adapters they use."""

from dependency_injector.providers import List, Singleton

from domain.services.accounts import Accounts
from domain.services.appealing import Appealing
from domain.services.blocking import Blocking
from domain.services.blocklisting import Blocklisting
from domain.services.browsing import Browsing
from domain.services.captioning import Captioning
from domain.services.commenting import Commenting
from domain.services.consenting import Consenting
from domain.services.email_proofs import EmailProofs
from domain.services.evaluating import Evaluating
from domain.services.factor_enrolment import FactorEnrolment
from domain.services.following import Following
from domain.services.health_checks import HealthChecks
from domain.services.image_analysis import ImageAnalysis
from domain.services.image_hashing import ImageHashing
from domain.services.image_screening import ImageScreening
from domain.services.importing import Importing
from domain.services.indexing import Indexing
from domain.services.installing import Installing
from domain.services.inviting import Inviting
from domain.services.job_handler import JobHandler
from domain.services.label_feedback import LabelFeedback
from domain.services.liking import Liking
from domain.services.mailing import Mailing
from domain.services.model_fetcher import ModelFetcher
from domain.services.moderating import Moderating
from domain.services.notifying import Notifying
from domain.services.password_resets import PasswordResets
from domain.services.posting import Posting
from domain.services.provider_sign_in import ProviderSignIn
from domain.services.quantizing import Quantizing
from domain.services.ranking import Ranking
from domain.services.rate_limiting import RateLimiting
from domain.services.reporting import Reporting
from domain.services.reviewing import Reviewing
from domain.services.sampling import Sampling
from domain.services.searching import Searching
from domain.services.second_step import SecondStep
from domain.services.sign_in_guard import SignInGuard
from domain.services.signing_in import SigningIn
from domain.services.signing_up import SigningUp
from domain.services.sweeping import Sweeping
from domain.services.tagging import Tagging
from domain.services.terms_publishing import TermsPublishing
from domain.services.token_issuer import TokenIssuer
from domain.services.token_uses import TokenUses
from domain.services.uploading import Uploading
from technologies import Technologies

T = Technologies


class Container(Technologies):
    begin = T.storage.provided.begin
    user_reader = T.storage.provided.user_reader
    post_reader = T.storage.provided.post_reader
    image_reader = T.storage.provided.image_reader
    comment_reader = T.storage.provided.comment_reader
    decision_reader = T.storage.provided.decision_reader

    accounts = Singleton(
        Accounts,
        begin=begin,
        user_reader=user_reader,
        passwords=T.passwords,
        clock=T.clock,
        ids=T.ids,
    )
    password_resets = Singleton(PasswordResets, begin=begin, passwords=T.passwords, clock=T.clock, ids=T.ids)
    email_proofs = Singleton(EmailProofs, begin=begin, clock=T.clock, ids=T.ids)
    mailing = Singleton(
        Mailing,
        begin=begin,
        user_reader=user_reader,
        mailer=T.mailer,
        clock=T.clock,
        ids=T.ids,
        jitter=T.jitter,
        link_base=T.config.link_base,
    )
    signing_up = Singleton(
        SigningUp,
        begin=begin,
        user_reader=user_reader,
        passwords=T.passwords,
        clock=T.clock,
        ids=T.ids,
        mode=T.config.sign_up,
        terms_reader=T.storage.provided.terms_reader,
        proof_of_work=T.proof_of_work,
        meter=T.storage.provided.rate_meter,
        mail_delivered=T.mail_delivered,
    )
    terms_publishing = Singleton(
        TermsPublishing, begin=begin, terms_reader=T.storage.provided.terms_reader, clock=T.clock
    )
    inviting = Singleton(
        Inviting, begin=begin, invite_reader=T.storage.provided.invite_reader, clock=T.clock, ids=T.ids
    )
    rate_limiting = Singleton(
        RateLimiting, meter=T.storage.provided.rate_meter, clock=T.clock, enabled=T.config.rate_limited
    )
    sign_in_guard = Singleton(
        SignInGuard, origins=T.storage.provided.known_origins, rate_limiting=rate_limiting, clock=T.clock, ids=T.ids
    )
    token_uses = Singleton(TokenUses, begin=begin, clock=T.clock)
    token_issuer = Singleton(
        TokenIssuer, decision_reader=decision_reader, clock=T.clock, ids=T.ids, lifetime=T.token_lifetime
    )
    second_step = Singleton(
        SecondStep,
        begin=begin,
        passkeys=T.passkey_verifier,
        clock=T.clock,
        ids=T.ids,
        token_issuer=token_issuer,
        sign_in_guard=sign_in_guard,
        terms=terms_publishing,
    )
    factor_enrolment = Singleton(
        FactorEnrolment,
        begin=begin,
        factor_reader=T.storage.provided.second_factor_reader,
        passkeys=T.passkey_verifier,
        clock=T.clock,
        ids=T.ids,
    )
    signing_in = Singleton(
        SigningIn,
        begin=begin,
        user_reader=user_reader,
        token_reader=T.storage.provided.token_reader,
        passwords=T.passwords,
        clock=T.clock,
        ids=T.ids,
        sign_in_guard=sign_in_guard,
        second_step=second_step,
        token_issuer=token_issuer,
        token_uses=token_uses,
        requirement=T.config.require_second_factor,
    )
    provider_sign_in = Singleton(
        ProviderSignIn,
        begin=begin,
        provider=T.identity_provider,
        user_reader=user_reader,
        identity_reader=T.storage.provided.identity_reader,
        signing_in=signing_in,
        signing_up=signing_up,
        second_step=second_step,
        clock=T.clock,
        ids=T.ids,
        creates_accounts=T.config.oidc_creates_accounts,
    )
    image_screening = Singleton(
        ImageScreening,
        begin=begin,
        processor=T.processor,
        screening=T.screening,
        clock=T.clock,
        ids=T.ids,
        jitter=T.jitter,
        uses_blocklist=T.uses_blocklist,
    )
    image_hashing = Singleton(
        ImageHashing,
        begin=begin,
        blobs=T.blobs,
        processor=T.processor,
        image_screening=image_screening,
        clock=T.clock,
    )
    blocklisting = Singleton(
        Blocklisting,
        begin=begin,
        blocklist_reader=T.storage.provided.blocklist_reader,
        image_hashing=image_hashing,
        clock=T.clock,
        ids=T.ids,
    )
    uploading = Singleton(
        Uploading,
        begin=begin,
        processor=T.processor,
        blobs=T.blobs,
        unreferenced_blobs=T.storage.provided.unreferenced_blobs,
        image_reader=image_reader,
        caption_writers=T.caption_writers,
        image_screening=image_screening,
        clock=T.clock,
        ids=T.ids,
        quota=T.quota,
    )
    posting = Singleton(
        Posting,
        begin=begin,
        post_reader=post_reader,
        clock=T.clock,
        ids=T.ids,
        limits=T.limits,
        requires_verified_email=T.config.requires_verified_email,
    )
    browsing = Singleton(Browsing, post_reader=post_reader, user_reader=user_reader)
    following = Singleton(Following, begin=begin, user_reader=user_reader, clock=T.clock, ids=T.ids, limits=T.limits)
    blocking = Singleton(Blocking, begin=begin, user_reader=user_reader, clock=T.clock)
    liking = Singleton(
        Liking,
        likes=T.storage.provided.likes,
        post_reader=post_reader,
        user_reader=user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    notifying = Singleton(
        Notifying,
        begin=begin,
        notification_reader=T.storage.provided.notification_reader,
        subscriptions=T.storage.provided.subscriptions,
    )
    commenting = Singleton(
        Commenting,
        begin=begin,
        post_reader=post_reader,
        comment_reader=comment_reader,
        clock=T.clock,
        ids=T.ids,
    )
    reporting = Singleton(
        Reporting,
        begin=begin,
        post_reader=post_reader,
        comment_reader=comment_reader,
        image_reader=image_reader,
        user_reader=user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    moderating = Singleton(
        Moderating,
        begin=begin,
        report_reader=T.storage.provided.report_reader,
        decision_reader=decision_reader,
        audit_log_reader=T.storage.provided.audit_log_reader,
        user_reader=user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    reviewing = Singleton(
        Reviewing,
        post_reader=post_reader,
        comment_reader=comment_reader,
        image_reader=image_reader,
        user_reader=user_reader,
        similar_post_reader=T.storage.provided.similar_post_reader,
        decision_reader=decision_reader,
    )
    appealing = Singleton(
        Appealing,
        begin=begin,
        decision_reader=decision_reader,
        user_reader=user_reader,
        clock=T.clock,
        ids=T.ids,
    )
    searching = Singleton(
        Searching,
        search_reader=T.storage.provided.search_reader,
        image_reader=image_reader,
        similar_post_reader=T.storage.provided.similar_post_reader,
        classifier=T.classifier,
        limits=T.limits,
    )
    indexing = Singleton(Indexing, begin=begin, search_reader=T.storage.provided.search_reader)
    tagging = Singleton(Tagging, tag_reader=T.storage.provided.tag_reader, clock=T.clock)
    ranking = Singleton(
        Ranking,
        ranking_reader=T.storage.provided.ranking_reader,
        ranking_snapshots=T.storage.provided.ranking_snapshots,
        clock=T.clock,
    )
    captioning = Singleton(
        Captioning,
        begin=begin,
        blobs=T.blobs,
        writers=T.caption_writers,
        prices=T.config.caption_prices,
        price_remedy=T.price_remedy,
        budget=T.budget,
        clock=T.clock,
        ids=T.ids,
    )
    consenting = Singleton(Consenting, begin=begin, writers=T.caption_writers, clock=T.clock)
    image_analysis = Singleton(
        ImageAnalysis,
        begin=begin,
        image_reader=image_reader,
        blobs=T.blobs,
        classifier=T.classifier,
        captioning=captioning,
        clock=T.clock,
        jitter=T.jitter,
    )
    job_handler = Singleton(JobHandler, image_analysis=image_analysis, mailing=mailing, image_screening=image_screening)
    label_feedback = Singleton(
        LabelFeedback, begin=begin, image_reader=image_reader, verdict_reader=T.storage.provided.verdict_reader
    )
    importing = Singleton(Importing, uploading=uploading, posting=posting, image_reader=image_reader)
    sampling = Singleton(
        Sampling,
        accounts=accounts,
        uploading=uploading,
        sample_data=T.storage.provided.sample_data,
        sample_image=T.sample_image,
        clock=T.clock,
        limits=T.limits,
    )
    sweeping = Singleton(
        Sweeping, begin=begin, unreferenced_blobs=T.storage.provided.unreferenced_blobs, blobs=T.blobs, clock=T.clock
    )
    installing = Singleton(Installing, models=T.model_store, converter=T.converter, default=T.default_model)
    model_fetcher = Singleton(
        ModelFetcher,
        models=T.model_store,
        converter=T.converter,
        downloader=T.downloader,
        records=T.fetch_records,
        clock=T.clock,
        jitter=T.jitter,
        sources=T.config.model_sources,
        remedy=T.fetch_remedy,
    )
    quantizing = Singleton(Quantizing, quantizer=T.quantizer)
    evaluating = Singleton(Evaluating, classifier=T.classifier)
    health_checks = Singleton(
        HealthChecks, probes=List(T.storage.provided.probe, T.blobs_probe, T.model_probe, T.captions_probe)
    )
