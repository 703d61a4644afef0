"""Sign-in with an OpenID Connect provider, whose account is linked to one of this site."""

import hashlib
import hmac
import logging

from domain.challenges import Challenge, NewChallenge, Purpose, take_challenge
from domain.clock import Clock
from domain.errors import NotFound
from domain.identities import (
    Identity,
    IdentityNotFound,
    IdentityProvider,
    IdentityReader,
    ProviderClaims,
    ProviderRefused,
    ProviderRequest,
)
from domain.ids import IdentityId, Ids, UserId
from domain.known_origins import Origin
from domain.pages import Page, PageRequest
from domain.passkeys import Site
from domain.profiles import UserReader
from domain.second_factors import SecondFactorRequired
from domain.services.provider_visits import UnacceptedTerms, UnknownIdentity, Visit
from domain.services.second_step import NO_REQUEST, SecondStep
from domain.services.signing_in import SigningIn
from domain.services.signing_up import SigningUp
from domain.sign_ups import Application, SignUpMode
from domain.terms import TermsNotAccepted
from domain.token_requests import TokenRequest
from domain.tokens import Session, require_confirmed
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import SignUp, User, UserNotFound

logger = logging.getLogger("tintype.security")
CALLBACK_PATH = "/sign-in/provider/callback"


class ProviderSignIn:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        provider: IdentityProvider | None,
        user_reader: UserReader,
        identity_reader: IdentityReader,
        signing_in: SigningIn,
        signing_up: SigningUp,
        second_step: SecondStep,
        clock: Clock,
        ids: Ids,
        *,
        creates_accounts: bool,
    ) -> None:
        self._begin = begin
        self._configured = provider
        self._user_reader = user_reader
        self._identity_reader = identity_reader
        self._signing_in = signing_in
        self._signing_up = signing_up
        self._second_step = second_step
        self._clock = clock
        self._ids = ids
        self._creates_accounts = creates_accounts

    @property
    def _provider(self) -> IdentityProvider:
        if self._configured is None:
            raise NotFound("this site has no identity provider; sign in with a password")
        return self._configured

    async def start(self, site: Site, browser: str, next_path: str, session: Session | None = None) -> str:
        """Return the address of the provider. `browser` is a secret in a cookie: only this browser can continue. With
        a session, which must be confirmed, the provider's account is linked to its user."""
        if session is not None:
            require_confirmed(session, self._clock.now())
        provider, request = self._provider, self._new_request(site)
        url = await provider.authorization_url(request)
        user_id = session.user_id if session else None
        data = {"nonce": request.nonce, "verifier": request.verifier, "browser": _digest(browser), "next": next_path}
        async with self._begin() as uow:
            await uow.challenges.add(Challenge.of(request.state, Purpose.PROVIDER, self._clock.now(), user_id, **data))
            await uow.commit()
        return url

    async def finish(
        self, site: Site, browser: str, state: str, code: str, session: Session | None, origin: Origin
    ) -> Visit:
        """Continue after the redirect from the provider. Raises `ChallengeExpired` for a forged or used state,
        `ProviderRefused`, `IdentityTaken`, `AccountSuspended`."""
        challenge = await self._take(state, Purpose.PROVIDER)
        data = challenge.data
        if not hmac.compare_digest(data["browser"], _digest(browser)):
            raise ProviderRefused("the sign-in was begun in another browser; begin it again here")
        if not code:
            raise ProviderRefused("the provider sent no code, because its user or its operator declined; begin again")
        request = ProviderRequest(site.origin + CALLBACK_PATH, state, data["nonce"], data["verifier"])
        claims = await self._provider.claims(request, code)
        if challenge.user_id is not None:
            return await self._link_to_session(challenge, claims, session)
        user = await self._find_user(claims)
        if user is None:
            return Visit(data["next"], unknown=await self._offer_account(claims, data["next"]))
        return await self._start_session(data["next"], user, user.username, origin)

    async def link(self, challenge: str, password: str, origin: Origin) -> Visit:
        """Link an unknown account of the provider to the account here with its verified e-mail, whose password the user
        enters. Raises `WrongCredentials`, `RateLimited`, `ChallengeExpired`, `AccountSuspended`."""
        email = (await self._read(challenge)).data["email"]
        user, announced = await self._signing_in.authenticate(email, password, origin)
        next_path = await self._add_identity(challenge, user.id)
        return await self._start_session(next_path, user, email, origin, announced)

    async def create_account(self, challenge: str, newcomer: SignUp, application: Application, origin: Origin) -> Visit:
        """Create an account for an unknown account of the provider. Raises `ProviderRefused` where accounts are not
        created this way, `ChallengeExpired`, and as `SigningUp.sign_up` does."""
        self._require_creation()
        await self._read(challenge)
        user = (await self._signing_up.sign_up(newcomer, application)).user
        next_path = await self._add_identity(challenge, user.id)
        return await self._start_session(next_path, user, user.username, origin)

    async def accept_terms(self, challenge: str, version: int | None, origin: Origin) -> Visit:
        """End the sign-in of a user who accepts new terms. Raises `ChallengeExpired`, `AccountSuspended`."""
        taken = await self._take(challenge, Purpose.TERMS)
        async with self._begin() as uow:
            user = await uow.users.get(taken.user_id) if taken.user_id else None
        if user is None:
            raise UserNotFound
        announced = Origin(taken.data["announced"]) if taken.data["announced"] else None
        request = TokenRequest(accepted_terms=version)
        return await self._start_session(taken.data["next"], user, taken.data["login"], origin, announced, request)

    async def identities(self, user_id: UserId, page: PageRequest) -> Page[Identity]:
        """Return the user's own linked accounts, newest first."""
        return await self._identity_reader.of_user(user_id, page)

    async def unlink(self, session: Session, identity_id: IdentityId) -> None:
        """Remove a link. Raises `ConfirmationRequired`, `IdentityNotFound`."""
        require_confirmed(session, self._clock.now())
        async with self._begin() as uow:
            if not await uow.identities.delete(identity_id, session.user_id):
                raise IdentityNotFound
            await uow.commit()
        _log("identity unlinked", session.user_id)

    def _new_request(self, site: Site) -> ProviderRequest:
        state, nonce, verifier = (self._ids.secret() for _ in range(3))
        return ProviderRequest(site.origin + CALLBACK_PATH, state, nonce, verifier)

    async def _take(self, secret: str, purpose: Purpose) -> Challenge:
        async with self._begin() as uow:
            challenge = await take_challenge(uow.challenges, secret, self._clock.now(), purpose)
            await uow.commit()
        return challenge

    async def _read(self, secret: str) -> Challenge:
        """Return the challenge of an unknown identity, which remains."""
        async with self._begin() as uow:
            return await take_challenge(uow.challenges, secret, self._clock.now(), Purpose.IDENTITY)

    async def _find_user(self, claims: ProviderClaims) -> User | None:
        async with self._begin() as uow:
            identity = await uow.identities.find(claims.issuer, claims.subject)
            return await uow.users.get(identity.user_id) if identity else None

    async def _start_session(
        self,
        next_path: str,
        user: User,
        login: str,
        origin: Origin,
        announced: Origin | None = None,
        request: TokenRequest = NO_REQUEST,
    ) -> Visit:
        try:
            issued = await self._second_step.start_session(user, login, origin, request, announced=announced)
        except SecondFactorRequired as required:
            return Visit(next_path, required=required)
        except TermsNotAccepted as refusal:
            data = {"login": login, "next": next_path, "announced": announced.address if announced else ""}
            challenge = await self._add_challenge(Purpose.TERMS, user.id, **data)
            return Visit(next_path, terms=UnacceptedTerms(challenge, refusal.version))
        return Visit(next_path, issued=issued)

    async def _link_to_session(self, challenge: Challenge, claims: ProviderClaims, session: Session | None) -> Visit:
        if session is None or session.user_id != challenge.user_id:
            raise ProviderRefused("you are not signed in to the account that began to link; begin again there")
        async with self._begin() as uow:
            await self._store(uow, session.user_id, claims.issuer, claims.subject)
            await uow.commit()
        return Visit(challenge.data["next"])

    async def _offer_account(self, claims: ProviderClaims, next_path: str) -> UnknownIdentity:
        email, username = claims.email or "", claims.username or ""
        is_known = bool(email) and await self._user_reader.by_login(email) is not None
        if not is_known:
            self._require_creation()
        data = {"issuer": claims.issuer, "subject": claims.subject, "email": email, "next": next_path}
        challenge = await self._add_challenge(Purpose.IDENTITY, None, **data)
        return UnknownIdentity(challenge, email, username, is_known)

    async def _add_challenge(self, purpose: Purpose, user_id: UserId | None, **data: str) -> NewChallenge:
        secret = self._ids.secret()
        challenge = Challenge.of(secret, purpose, self._clock.now(), user_id, **data)
        async with self._begin() as uow:
            await uow.challenges.add(challenge)
            await uow.commit()
        return NewChallenge(secret, challenge.expires_at)

    def _require_creation(self) -> None:
        if not self._creates_accounts or self._signing_up.mode is SignUpMode.CLOSED:
            raise ProviderRefused(
                "no account here is linked to this account; sign in with a password, then link it in the settings"
            )

    async def _add_identity(self, secret: str, user_id: UserId) -> str:
        async with self._begin() as uow:
            data = (await take_challenge(uow.challenges, secret, self._clock.now(), Purpose.IDENTITY)).data
            await self._store(uow, user_id, data["issuer"], data["subject"])
            await uow.commit()
        return data["next"]

    async def _store(self, uow: UnitOfWork, user_id: UserId, issuer: str, subject: str) -> None:
        identity = Identity(IdentityId(self._ids.new()), user_id, issuer, subject, self._clock.now())
        await uow.identities.add(identity)
        _log("identity linked", user_id)


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode("utf-8", "surrogatepass")).hexdigest()


def _log(message: str, user_id: UserId) -> None:
    logger.info(message, extra={"user": str(user_id)})
