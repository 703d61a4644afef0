"""Second factors of a user: adding, listing and removing them."""

import logging
from dataclasses import dataclass, field

from domain.audit_log import Action, LogEntry
from domain.challenges import Challenge, NewChallenge, Purpose, take_challenge
from domain.clock import Clock
from domain.effects import Target, TargetKind
from domain.emails import ALL_FACTORS, EmailKind
from domain.ids import FactorId, Ids, LogEntryId, UserId
from domain.one_time_codes import (
    RECOVERY_CODES,
    find_step,
    make_recovery_code,
    make_totp_secret,
    parse_code,
    recovery_code_hash,
    totp_uri,
)
from domain.pages import Page, PageRequest
from domain.passkeys import Json, PasskeyOwner, PasskeyVerifier, Site
from domain.second_factors import (
    FactorKind,
    FactorNotFound,
    Method,
    NoFactorToRecover,
    Passkey,
    RecoveryCodes,
    SecondFactor,
    SecondFactorReader,
    Totp,
    WrongSecondFactor,
    factors_to_remove,
    is_required,
    require_factor_name,
    require_room,
)
from domain.services.queue_email import queue_notice
from domain.services.second_step import PasskeyOffer
from domain.tokens import Session, require_confirmed
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import User, UserNotFound

logger = logging.getLogger("tintype.security")


@dataclass(frozen=True, slots=True)
class TotpOffer:
    """The secret of a new authenticator app, which is returned only here."""

    challenge: NewChallenge
    secret: str = field(repr=False)
    uri: str = field(repr=False)


class FactorEnrolment:
    """Changes need a confirmed session. They raise `ConfirmationRequired` otherwise."""

    def __init__(
        self,
        begin: UnitOfWorkFactory,
        factor_reader: SecondFactorReader,
        passkeys: PasskeyVerifier,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._begin = begin
        self._factor_reader = factor_reader
        self._passkeys = passkeys
        self._clock = clock
        self._ids = ids

    async def factors(self, user_id: UserId, page: PageRequest) -> Page[SecondFactor]:
        """Return the user's own second factors, newest first."""
        return await self._factor_reader.of_user(user_id, page)

    async def factor(self, user_id: UserId, factor_id: FactorId) -> SecondFactor:
        """Return one of the user's own second factors. Raises `FactorNotFound`."""
        factor = await self._factor_reader.by_id(user_id, factor_id)
        if factor is None:
            raise FactorNotFound
        return factor

    async def begin_totp(self, session: Session, site: Site) -> TotpOffer:
        """Create the secret of an authenticator app. It counts after `add_totp`."""
        require_confirmed(session, self._clock.now())
        secret = make_totp_secret(self._ids.secret())
        async with self._begin() as uow:
            require_room(await _require_factors(uow, session.user_id))
            challenge = await self._add_challenge(uow, Purpose.ADD_TOTP, session, secret=secret)
            await uow.commit()
        return TotpOffer(challenge, secret, totp_uri(secret, session.username, f"Tintype ({site.host})"))

    async def add_totp(self, session: Session, challenge: str, code: str, name: str) -> SecondFactor:
        """Add an authenticator app with its first code. Raises `Invalid`, `WrongSecondFactor`, `ChallengeExpired`,
        `TooManyFactors`."""
        name, (_, digits), now = require_factor_name(name), parse_code(code, "code"), self._clock.now()
        async with self._begin() as uow:
            secret = (await self._take_challenge(uow, challenge, Purpose.ADD_TOTP, session)).data["secret"]
            step = find_step(secret, digits, now)
            if step is None:
                raise WrongSecondFactor("the code is wrong; check the clock of the device, and enter the next code")
            return await self._add(uow, session, name, Totp(secret, step))

    async def begin_passkey(self, session: Session, site: Site) -> PasskeyOffer:
        """Create the options for a new passkey."""
        require_confirmed(session, self._clock.now())
        async with self._begin() as uow:
            factors = await _require_factors(uow, session.user_id)
            require_room(factors)
            challenge = await self._add_challenge(uow, Purpose.ADD_PASSKEY, session)
            await uow.commit()
        known = [factor.method for factor in factors if isinstance(factor.method, Passkey)]
        owner = PasskeyOwner(session.user_id, session.username)
        return PasskeyOffer(challenge, self._passkeys.registration_options(site, owner, challenge.secret, known))

    async def add_passkey(
        self, session: Session, challenge: str, response: Json, name: str, site: Site
    ) -> SecondFactor:
        """Add a passkey with the browser's response. Raises `Invalid`, `WrongSecondFactor`, `ChallengeExpired`,
        `PasskeyTaken`, `TooManyFactors`."""
        name = require_factor_name(name)
        async with self._begin() as uow:
            await self._take_challenge(uow, challenge, Purpose.ADD_PASSKEY, session)
            return await self._add(uow, session, name, self._passkeys.register(site, challenge, response))

    async def add_recovery_codes(self, session: Session) -> tuple[SecondFactor, list[str]]:
        """Create recovery codes, which replace earlier ones. They are returned only here. Raises
        `NoFactorToRecover`."""
        require_confirmed(session, self._clock.now())
        codes = [make_recovery_code(self._ids.secret()) for _ in range(RECOVERY_CODES)]
        method = RecoveryCodes(frozenset(map(recovery_code_hash, codes)))
        async with self._begin() as uow:
            factors = await _require_factors(uow, session.user_id)
            if not is_required(factors):
                raise NoFactorToRecover
            old = [factor.id for factor in factors if factor.kind is FactorKind.RECOVERY_CODES]
            await uow.second_factors.delete(old)
            factor = self._new_factor(session.user_id, "Recovery codes", method)
            await uow.second_factors.add(factor)
            await self._notify(uow, session.user_id, EmailKind.FACTOR_ADDED, factor.kind)
            await uow.commit()
        _log("recovery codes created", session.user_id)
        return factor, codes

    async def remove(self, session: Session, factor_id: FactorId) -> None:
        """Remove a factor, and with the last one the recovery codes. Raises `FactorNotFound`."""
        require_confirmed(session, self._clock.now())
        async with self._begin() as uow:
            factors = await _require_factors(uow, session.user_id)
            removed = factors_to_remove(factors, factor_id)
            (kind,) = (factor.kind for factor in factors if factor.id == factor_id)
            await self._notify(uow, session.user_id, EmailKind.FACTOR_REMOVED, kind)
            await uow.second_factors.delete(removed)
            if len(removed) == len(factors):  # sessions keep no rights that need a factor
                await uow.tokens.clear_second_factor(session.user_id)
            await uow.commit()
        _log("second factor removed", session.user_id)

    async def reset(self, user_id: UserId) -> int:
        """Remove all factors of an account as an operator, and end its sessions. Return the number of factors. Raises
        `UserNotFound`."""
        now, target = self._clock.now(), Target(TargetKind.USER, user_id)
        async with self._begin() as uow:
            factors = await _require_factors(uow, user_id)
            await uow.second_factors.delete([factor.id for factor in factors])
            if factors:
                user = await self._notify(uow, user_id, EmailKind.FACTOR_REMOVED, ALL_FACTORS)
                details = {"user": user.username, "factors": str(len(factors))}
                entry_id = LogEntryId(self._ids.new())
                await uow.audit_log.add(LogEntry(entry_id, now, None, Action.FACTOR_RESET, target, user_id, details))
            await uow.tokens.delete_others(user_id, keep=None)
            await uow.commit()
        _log("second factors reset by the operator", user_id)
        return len(factors)

    async def _add(self, uow: UnitOfWork, session: Session, name: str, method: Method) -> SecondFactor:
        require_room(await _require_factors(uow, session.user_id))
        factor = self._new_factor(session.user_id, name, method)
        await uow.second_factors.add(factor)
        await self._notify(uow, session.user_id, EmailKind.FACTOR_ADDED, factor.kind)
        await uow.tokens.confirm(session.token_id, factor.created_at, second_factor=True)
        await uow.commit()
        _log("second factor added", session.user_id)
        return factor

    async def _notify(self, uow: UnitOfWork, user_id: UserId, kind: EmailKind, factor: str) -> User:
        """Queue a notice to the user about a changed factor. Return the user."""
        user = await uow.users.get(user_id)
        if user is None:
            raise UserNotFound
        await queue_notice(uow, self._ids, self._clock.now(), kind, user, factor)
        return user

    def _new_factor(self, user_id: UserId, name: str, method: Method) -> SecondFactor:
        return SecondFactor(FactorId(self._ids.new()), user_id, name, method, self._clock.now())

    async def _add_challenge(self, uow: UnitOfWork, purpose: Purpose, session: Session, /, **data: str) -> NewChallenge:
        secret = self._ids.secret()
        challenge = Challenge.of(secret, purpose, self._clock.now(), session.user_id, **data)
        await uow.challenges.add(challenge)
        return NewChallenge(secret, challenge.expires_at)

    async def _take_challenge(self, uow: UnitOfWork, secret: str, purpose: Purpose, session: Session) -> Challenge:
        challenge = await take_challenge(uow.challenges, secret, self._clock.now(), purpose)
        if challenge.user_id != session.user_id:
            raise WrongSecondFactor("the challenge belongs to another account; start again")
        return challenge


async def _require_factors(uow: UnitOfWork, user_id: UserId) -> tuple[SecondFactor, ...]:
    """Return the factors of an account. Others cannot change them until the unit of work ends. Raises
    `UserNotFound`."""
    if await uow.users.get(user_id) is None:
        raise UserNotFound
    return await uow.second_factors.of_user(user_id)


def _log(message: str, user_id: UserId) -> None:
    logger.info(message, extra={"user": str(user_id)})
