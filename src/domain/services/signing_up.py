"""Signing up: visitors create accounts, as the operator's mode allows, and moderators approve or refuse them."""

import logging
from dataclasses import replace
from datetime import datetime

from domain.audit_log import Action, LogEntry
from domain.clock import Clock
from domain.effects import Target, TargetKind
from domain.emails import EmailKind
from domain.errors import FieldError, Invalid, NotFound
from domain.ids import Ids, LogEntryId, UserId
from domain.pages import Page, PageRequest
from domain.passwords import PasswordHasher
from domain.profiles import Profile, UserReader, require_profile
from domain.proof_of_work import CHALLENGE_LIFETIME, ProofOfWork, WorkChallenge
from domain.rate_limits import Rate, RateMeter
from domain.roles import Moderator
from domain.services.queue_email import queue_email
from domain.sign_ups import Application, SignUpMode, check_application, new_user, waiting_reason
from domain.terms import TermsReader
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import MAX_QUOTED, NAME_RESERVATION, EmailStatus, SignUp, User, normalize_login, username_error

logger = logging.getLogger("tintype.security")


class SigningUp:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        user_reader: UserReader,
        passwords: PasswordHasher,
        clock: Clock,
        ids: Ids,
        mode: SignUpMode,
        terms_reader: TermsReader,
        proof_of_work: ProofOfWork | None,
        meter: RateMeter,
        *,
        mail_delivered: bool,
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._passwords = passwords
        self._clock = clock
        self._ids = ids
        self.mode = mode
        self._terms_reader = terms_reader
        self._proof_of_work = proof_of_work
        self._meter = meter
        self._mail_delivered = mail_delivered

    def create_challenge(self) -> WorkChallenge | None:
        """Return a challenge for a sign-up; None if none is needed."""
        return self._proof_of_work.create(self._clock.now()) if self._proof_of_work else None

    async def sign_up(self, newcomer: SignUp, application: Application = Application()) -> Profile:  # noqa: B008 — frozen
        """Create an account, which waits for approval if the mode says so, and send a link that proves the address.
        Where mail is delivered, the address is only claimed until then, so that the result does not reveal whether
        another account has it. Raises `SignUpClosed`, `UsernameTaken`, `EmailTaken` where mail is not delivered, and
        `Invalid` for an invitation that cannot be used, a missing reason, terms that were not accepted, or a wrong
        answer to the challenge."""
        terms = await self._terms_reader.current()
        check_application(self.mode, application, terms.version if terms else None)
        if self._proof_of_work and application.invite is None:  # invitations limit the number of sign-ups, too
            await self._check_answer(self._proof_of_work, application.answer)
        password_hash = await self._passwords.hash(newcomer.password)
        now = self._clock.now()
        user = replace(
            new_user(newcomer, UserId(self._ids.new()), password_hash, now),
            email_status=EmailStatus.CLAIMED if self._mail_delivered else EmailStatus.HELD,
            application=waiting_reason(self.mode, application),
            accepted_terms=terms.version if terms else None,
        )
        async with self._begin() as uow:
            if application.invite is not None:
                await _use_invite(uow, application.invite, now)
            await uow.users.add(user, now)
            await queue_email(uow, self._ids, now, EmailKind.PROOF, user)
            await uow.commit()
        logger.info("account created", extra={"user": str(user.id)})
        return await require_profile(self._user_reader, user.username, user.id)

    async def _check_answer(self, proof_of_work: ProofOfWork, answer: str | None) -> None:
        if answer is None:
            raise Invalid.of(FieldError("altcha", "missing", "is missing: GET /v1/sign-up has a challenge to solve"))
        now = self._clock.now()
        challenge = proof_of_work.verify(answer, now)
        if challenge is None:
            raise Invalid.of(FieldError("altcha", "wrong", "is wrong or older than 10 minutes; solve a new challenge"))
        if not (await self._meter.hit(f"challenge {challenge}", Rate(1, CHALLENGE_LIFETIME), now)).admitted:
            raise Invalid.of(FieldError("altcha", "used", "was used already; solve a new challenge"))

    async def pending(self, page: PageRequest) -> Page[Profile]:
        """Return the accounts that wait for approval, newest first."""
        return await self._user_reader.pending(page)

    async def approve(self, username: str, moderator: Moderator | None = None) -> None:
        """Approve a sign-up, as a moderator or as the operator. Its reason is deleted. Raises `NotFound`."""
        async with self._begin() as uow:
            user = await self._find_pending(uow, username)
            await uow.users.save(replace(user, application=None))
            await uow.audit_log.add(self._log_entry(Action.SIGN_UP_APPROVAL, moderator, user))
            await uow.commit()
        logger.info("sign-up approved", extra={"user": str(user.id)})

    async def refuse(self, username: str, moderator: Moderator | None = None) -> None:
        """Refuse a sign-up, as a moderator or as the operator: its account is deleted. Raises `NotFound`."""
        async with self._begin() as uow:
            user = await self._find_pending(uow, username)
            await uow.users.delete(user.id, reserved_until=self._clock.now() + NAME_RESERVATION)
            await uow.audit_log.add(self._log_entry(Action.SIGN_UP_REFUSAL, moderator, user))
            await uow.commit()
        logger.info("sign-up refused", extra={"user": str(user.id)})

    async def _find_pending(self, uow: UnitOfWork, username: str) -> User:
        name = normalize_login(username)
        known = None if username_error(name) else await self._user_reader.account(name)
        user = await uow.users.get(known.user.id) if known else None
        if user is None or not user.is_pending:
            raise NotFound(f"no sign-up of {username[:MAX_QUOTED]!r} waits for approval; see the list of sign-ups")
        return user

    def _log_entry(self, action: Action, moderator: Moderator | None, user: User) -> LogEntry:
        details = {"moderator": moderator.username if moderator else None, "user": user.username}
        actor, target = moderator.id if moderator else None, Target(TargetKind.USER, user.id)
        return LogEntry(LogEntryId(self._ids.new()), self._clock.now(), actor, action, target, user.id, details)


async def _use_invite(uow: UnitOfWork, code: str, now: datetime) -> None:
    invite = await uow.invites.by_code(code)
    if invite is None:
        raise Invalid.of(FieldError("invite", "unknown", "is no invitation of this server; check it, or ask for one"))
    if error := invite.error(now):
        raise Invalid.of(error)
    await uow.invites.count_use(invite.id)
