"""The second step of a sign-in: the token of a user with a second factor is issued after both steps only."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.challenges import Challenge, NewChallenge, Purpose, take_challenge
from domain.clock import Clock
from domain.emails import EmailKind
from domain.errors import Unauthenticated
from domain.ids import Ids, UserId
from domain.known_origins import Origin
from domain.passkeys import Json, PasskeyVerifier, Site
from domain.second_factors import (
    Passkey,
    SecondFactor,
    SecondFactorRequired,
    WrongSecondFactor,
    is_required,
    kinds_of,
    use_code,
)
from domain.services.queue_email import queue_notice
from domain.services.sign_in_guard import SignInGuard
from domain.services.terms_publishing import TermsPublishing
from domain.services.token_issuer import TokenIssuer
from domain.token_requests import IssuedToken, TokenRequest
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import User, UserNotFound

logger = logging.getLogger("tintype.security")

Check = Callable[[UnitOfWork, UserId], Awaitable[SecondFactor]]

NO_REQUEST = TokenRequest()
_PURPOSES = (Purpose.SIGN_IN, Purpose.PASSKEY_SIGN_IN)


@dataclass(frozen=True, slots=True)
class PasskeyOffer:
    """A challenge with the options for `navigator.credentials`."""

    challenge: NewChallenge
    options: Json


class SecondStep:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        passkeys: PasskeyVerifier,
        clock: Clock,
        ids: Ids,
        token_issuer: TokenIssuer,
        sign_in_guard: SignInGuard,
        terms: TermsPublishing,
    ) -> None:
        self._begin = begin
        self._passkeys = passkeys
        self._clock = clock
        self._ids = ids
        self._token_issuer = token_issuer
        self._sign_in_guard = sign_in_guard
        self._terms = terms

    async def start_session(
        self, user: User, login: str, origin: Origin | None, request: TokenRequest, *, announced: Origin | None = None
    ) -> IssuedToken:
        """Issue a token after a correct first step, and inform the user by e-mail if its origin is to be `announced`.
        Raises `AccountSuspended`, `TermsNotAccepted`, `Invalid` for scopes above the account's role, and
        `SecondFactorRequired` with a challenge if the user has a second factor."""
        address = announced.address if announced else ""
        async with self._begin() as uow:
            known = await _require_user(uow, user.id)
            factors = await uow.second_factors.of_user(user.id)
            if not is_required(factors):
                issued = await self._issue(uow, known, request, origin)
                await self._announce(uow, known, address)
                await uow.commit()
                return await self._remember(issued, login, origin)
            request.check_role(known.role)
            await self._terms.check(known, request.accepted_terms)
            data = {"login": login, "announced": address, **request.to_data()}
            challenge = await self._add_challenge(uow, Purpose.SIGN_IN, user.id, **data)
            await uow.commit()
        raise SecondFactorRequired(challenge, kinds_of(factors))

    async def finish_with_code(
        self, challenge: str, code: str, origin: Origin | None = None, request: TokenRequest = NO_REQUEST
    ) -> IssuedToken:
        """Issue the token for a code of an authenticator app or a recovery code. `request` may only accept terms: the
        first step had the rest. Raises `ChallengeExpired`, `Invalid`, `WrongSecondFactor`, `RateLimited`,
        `AccountSuspended`, `TermsNotAccepted`. After an error the challenge remains."""

        async def check(uow: UnitOfWork, user_id: UserId) -> SecondFactor:
            return use_code(await uow.second_factors.of_user(user_id), code, self._clock.now())

        user_id = await self._admit(challenge, (Purpose.SIGN_IN,))
        return await self._finish(challenge, user_id, check, origin, request)

    async def finish_with_passkey(
        self,
        challenge: str,
        response: Json,
        site: Site,
        origin: Origin | None = None,
        request: TokenRequest = NO_REQUEST,
    ) -> IssuedToken:
        """Issue the token for the response of a passkey, as the second step or alone. Alone, `request` may ask for
        everything. Raises as `finish_with_code` does."""

        async def check(uow: UnitOfWork, user_id: UserId) -> SecondFactor:
            factor = await self._find_passkey(uow, response)
            if factor.user_id != user_id or not isinstance(factor.method, Passkey):
                raise _unknown_passkey()
            method = self._passkeys.verify(site, challenge, response, factor.method)
            return factor.after_use(method, self._clock.now())

        user_id = await self._admit(challenge, _PURPOSES, response)
        return await self._finish(challenge, user_id, check, origin, request)

    async def offer_passkey(self, site: Site) -> PasskeyOffer:
        """Begin a sign-in with a passkey alone."""
        async with self._begin() as uow:
            challenge = await self._add_challenge(uow, Purpose.PASSKEY_SIGN_IN, None)
            await uow.commit()
        return PasskeyOffer(challenge, self.sign_in_options(site, challenge.secret))

    def sign_in_options(self, site: Site, challenge: str) -> Json:
        """Return the options of `navigator.credentials.get` for a challenge."""
        return self._passkeys.sign_in_options(site, challenge)

    async def _admit(self, secret: str, purposes: Sequence[Purpose], response: Json | None = None) -> UserId:
        """Return the user who signs in: that of the challenge, whose attempt is counted, or that of the passkey. The
        challenge remains. This is a unit of work of its own, because users are fetched before factors."""
        async with self._begin() as uow:
            challenge = await take_challenge(uow.challenges, secret, self._clock.now(), *purposes)
            if challenge.user_id is None:
                return (await self._find_passkey(uow, response or {})).user_id
        await self._sign_in_guard.admit_second_factor(challenge.user_id)
        return challenge.user_id

    async def _find_passkey(self, uow: UnitOfWork, response: Json) -> SecondFactor:
        factor = await uow.second_factors.by_credential(self._passkeys.credential_id(response))
        if factor is None:
            logger.warning("unknown passkey refused")
            raise _unknown_passkey()
        return factor

    async def _finish(
        self, secret: str, user_id: UserId, check: Check, origin: Origin | None, request: TokenRequest
    ) -> IssuedToken:
        try:
            async with self._begin() as uow:
                challenge = await take_challenge(uow.challenges, secret, self._clock.now(), *_PURPOSES)
                if challenge.purpose is Purpose.SIGN_IN:
                    request = TokenRequest.of_data(challenge.data).complete(request)
                user = await _require_user(uow, user_id)
                await uow.second_factors.save(await check(uow, user_id))
                issued = await self._issue(uow, user, request, origin, proved_at=self._clock.now())
                await self._announce(uow, user, challenge.data.get("announced", ""))
                await uow.commit()
        except Unauthenticated as error:
            logger.warning("second factor refused: %s", error.code, extra={"user": str(user_id)})
            raise
        return await self._remember(issued, challenge.data.get("login"), origin)

    async def _issue(
        self,
        uow: UnitOfWork,
        user: User,
        request: TokenRequest,
        origin: Origin | None,
        proved_at: datetime | None = None,
    ) -> IssuedToken:
        issued = await self._token_issuer.issue(
            uow, user, request, origin, confirmed_at=proved_at, second_factor_at=proved_at
        )
        await self._terms.accept(uow, user, request.accepted_terms)
        return issued

    async def _add_challenge(
        self, uow: UnitOfWork, purpose: Purpose, user_id: UserId | None, **data: str
    ) -> NewChallenge:
        secret = self._ids.secret()
        challenge = Challenge.of(secret, purpose, self._clock.now(), user_id, **data)
        await uow.challenges.add(challenge)
        return NewChallenge(secret, challenge.expires_at)

    async def _announce(self, uow: UnitOfWork, user: User, address: str) -> None:
        if address:
            await queue_notice(uow, self._ids, self._clock.now(), EmailKind.SIGN_IN, user, address)

    async def _remember(self, issued: IssuedToken, login: str | None, origin: Origin | None) -> IssuedToken:
        if origin is None or login is None:
            return issued
        return replace(issued, device=await self._sign_in_guard.remember(login, issued.token.user_id, origin))

    async def delete_expired(self) -> int:
        """Delete expired challenges. Return their number."""
        async with self._begin() as uow:
            count = await uow.challenges.delete_expired(self._clock.now())
            await uow.commit()
        return count


async def _require_user(uow: UnitOfWork, user_id: UserId) -> User:
    user = await uow.users.get(user_id)
    if user is None:
        raise UserNotFound
    return user


def _unknown_passkey() -> WrongSecondFactor:
    return WrongSecondFactor("this passkey is not registered for the account; use another one")
