"""The second step of a sign-in: the token of a user with a second factor is issued after both steps only."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

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
from domain.services.token_issuer import IssuedToken, TokenIssuer
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import User

logger = logging.getLogger("tintype.security")

Check = Callable[[UnitOfWork, Challenge], Awaitable[SecondFactor]]


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
    ) -> None:
        self._begin = begin
        self._passkeys = passkeys
        self._clock = clock
        self._ids = ids
        self._token_issuer = token_issuer
        self._sign_in_guard = sign_in_guard

    async def start_session(
        self, user: User, login: str, origin: Origin | None, *, announced: Origin | None = None
    ) -> IssuedToken:
        """Issue a token after a correct first step, and inform the user by e-mail if its origin is to be `announced`.
        Raises `AccountSuspended`, and `SecondFactorRequired` with a challenge if the user has a second factor."""
        address = announced.address if announced else ""
        async with self._begin() as uow:
            factors = await uow.second_factors.of_user(user.id)
            if not is_required(factors):
                issued = await self._token_issuer.issue(uow, user.id)
                await self._announce(uow, user, address)
                await uow.commit()
                return await self._remember(issued, login, origin)
            challenge = await self._add_challenge(uow, Purpose.SIGN_IN, user.id, login=login, announced=address)
            await uow.commit()
        raise SecondFactorRequired(challenge, kinds_of(factors))

    async def finish_with_code(self, challenge: str, code: str, origin: Origin | None = None) -> IssuedToken:
        """Issue the token for a code of an authenticator app or a recovery code. Raises `ChallengeExpired`, `Invalid`,
        `WrongSecondFactor`, `RateLimited`, `AccountSuspended`. After a wrong code the challenge remains."""

        async def check(uow: UnitOfWork, taken: Challenge) -> SecondFactor:
            factors = await uow.second_factors.of_user(_user_of(taken))
            return use_code(factors, code, self._clock.now())

        return await self._finish(challenge, (Purpose.SIGN_IN,), check, origin)

    async def finish_with_passkey(
        self, challenge: str, response: Json, site: Site, origin: Origin | None = None
    ) -> IssuedToken:
        """Issue the token for the response of a passkey, as the second step or alone. Raises as `finish_with_code`
        does."""
        check = self._passkey_check(challenge, response, site)
        return await self._finish(challenge, (Purpose.SIGN_IN, Purpose.PASSKEY_SIGN_IN), check, origin)

    async def offer_passkey(self, site: Site) -> PasskeyOffer:
        """Begin a sign-in with a passkey alone."""
        async with self._begin() as uow:
            challenge = await self._add_challenge(uow, Purpose.PASSKEY_SIGN_IN, None)
            await uow.commit()
        return PasskeyOffer(challenge, self.sign_in_options(site, challenge.secret))

    def sign_in_options(self, site: Site, challenge: str) -> Json:
        """Return the options of `navigator.credentials.get` for a challenge."""
        return self._passkeys.sign_in_options(site, challenge)

    def _passkey_check(self, challenge: str, response: Json, site: Site) -> Check:
        async def check(uow: UnitOfWork, taken: Challenge) -> SecondFactor:
            factor = await uow.second_factors.by_credential(self._passkeys.credential_id(response))
            if factor is None or taken.user_id not in {None, factor.user_id} or not isinstance(factor.method, Passkey):
                raise WrongSecondFactor("this passkey is not registered for the account; use another one")
            method = self._passkeys.verify(site, challenge, response, factor.method)
            return factor.after_use(method, self._clock.now())

        return check

    async def _finish(
        self, secret: str, purposes: Sequence[Purpose], check: Check, origin: Origin | None
    ) -> IssuedToken:
        user_id = await self._count_attempt(secret, purposes)
        try:
            async with self._begin() as uow:
                challenge = await take_challenge(uow.challenges, secret, self._clock.now(), *purposes)
                address = challenge.data.get("announced", "")
                user = await uow.users.get(_user_of(challenge)) if address else None
                factor = await check(uow, challenge)
                await uow.second_factors.save(factor)
                issued = await self._token_issuer.issue(uow, factor.user_id, second_factor=True)
                await self._announce(uow, user, address)
                await uow.commit()
        except Unauthenticated as error:
            logger.warning("second factor refused: %s", error.code, extra={"user": str(user_id) if user_id else None})
            raise
        return await self._remember(issued, challenge.data.get("login"), origin)

    async def _count_attempt(self, secret: str, purposes: Sequence[Purpose]) -> UserId | None:
        """Count an attempt for the user of the challenge, and return them. The challenge remains."""
        async with self._begin() as uow:
            challenge = await take_challenge(uow.challenges, secret, self._clock.now(), *purposes)
        if challenge.user_id is not None:
            await self._sign_in_guard.admit_second_factor(challenge.user_id)
        return challenge.user_id

    async def _add_challenge(
        self, uow: UnitOfWork, purpose: Purpose, user_id: UserId | None, **data: str
    ) -> NewChallenge:
        secret = self._ids.secret()
        challenge = Challenge.of(secret, purpose, self._clock.now(), user_id, **data)
        await uow.challenges.add(challenge)
        return NewChallenge(secret, challenge.expires_at)

    async def _announce(self, uow: UnitOfWork, user: User | None, address: str) -> None:
        if user is not None and address:
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


def _user_of(challenge: Challenge) -> UserId:
    if challenge.user_id is None:
        raise WrongSecondFactor
    return challenge.user_id
