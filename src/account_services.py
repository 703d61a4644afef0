"""Services of accounts: sign-up, sign-in, tokens and e-mail."""

from dependency_injector.providers import Singleton

from domain.services.accounts import Accounts
from domain.services.email_proofs import EmailProofs
from domain.services.factor_enrolment import FactorEnrolment
from domain.services.inviting import Inviting
from domain.services.mailing import Mailing
from domain.services.password_resets import PasswordResets
from domain.services.provider_sign_in import ProviderSignIn
from domain.services.rate_limiting import RateLimiting
from domain.services.request_claims import RequestClaims
from domain.services.second_step import SecondStep
from domain.services.sign_in_guard import SignInGuard
from domain.services.signing_in import SigningIn
from domain.services.signing_up import SigningUp
from domain.services.terms_publishing import TermsPublishing
from domain.services.token_issuer import TokenIssuer
from domain.services.token_uses import TokenUses
from vision_technologies import VisionTechnologies

T = VisionTechnologies


class AccountServices(VisionTechnologies):
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
        TermsPublishing, begin=begin, terms_reader=T.storage.provided.terms_reader, clock=T.clock, ids=T.ids
    )
    inviting = Singleton(
        Inviting, begin=begin, invite_reader=T.storage.provided.invite_reader, clock=T.clock, ids=T.ids
    )
    rate_limiting = Singleton(
        RateLimiting, meter=T.storage.provided.rate_meter, clock=T.clock, enabled=T.config.rate_limited
    )
    request_claims = Singleton(RequestClaims, store=T.storage.provided.idempotency_store, clock=T.clock, ids=T.ids)
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
