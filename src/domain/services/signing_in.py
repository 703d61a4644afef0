"""Signing in and out: passwords are exchanged for tokens, and tokens identify sessions."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from domain.clock import Clock
from domain.emails import EmailKind
from domain.errors import NotFound
from domain.ids import Ids, TokenId, UserId
from domain.known_origins import Origin, is_announced
from domain.pages import Page, PageRequest
from domain.passwords import NewPassword, PasswordHasher, find_matching_form, prepare_password
from domain.profiles import UserReader
from domain.services.queue_email import queue_notice
from domain.services.second_step import SecondStep
from domain.services.sign_in_guard import SignInGuard
from domain.services.token_issuer import TokenIssuer
from domain.services.token_uses import TokenUses
from domain.text import text_error
from domain.token_requests import IssuedToken, TokenRequest
from domain.tokens import (
    ORIGIN_RETENTION,
    FactorRequirement,
    NotSignedIn,
    Session,
    Token,
    TokenExpired,
    TokenReader,
    WrongCredentials,
    token_hash,
    withhold_rights,
)
from domain.unit_of_work import UnitOfWorkFactory
from domain.users import MAX_EMAIL, User, UserNotFound, normalize_login

logger = logging.getLogger("tintype.security")


class Authenticated(NamedTuple):
    """An account whose password was right. A sign-in from the origin `announced` is announced to the user."""

    user: User
    announced: Origin | None


class SigningIn:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        user_reader: UserReader,
        token_reader: TokenReader,
        passwords: PasswordHasher,
        clock: Clock,
        ids: Ids,
        sign_in_guard: SignInGuard,
        second_step: SecondStep,
        token_issuer: TokenIssuer,
        token_uses: TokenUses,
        requirement: FactorRequirement,
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._token_reader = token_reader
        self._passwords = passwords
        self._clock = clock
        self._ids = ids
        self._sign_in_guard = sign_in_guard
        self._second_step = second_step
        self._token_issuer = token_issuer
        self._token_uses = token_uses
        self._requirement = requirement

    async def sign_in(
        self,
        name_or_email: str,
        password: str,
        origin: Origin | None = None,
        request: TokenRequest = TokenRequest(),  # noqa: B008 — it is frozen
    ) -> IssuedToken:
        """Exchange a username or e-mail and its password for a token. Raises as `authenticate` and
        `SecondStep.start_session` do."""
        user, announced = await self.authenticate(name_or_email, password, origin)
        login = normalize_login(name_or_email)
        return await self._second_step.start_session(user, login, origin, request, announced=announced)

    async def create_token(self, session: Session, password: str, origin: Origin, request: TokenRequest) -> IssuedToken:
        """Create a token for a program of the signed-in user, who confirms it with the password. The program has the
        second factor of the session. Raises `WrongCredentials`, `RateLimited`, and as `TokenIssuer.issue` does."""
        user = await self.confirm_password(session.user_id, password)
        async with self._begin() as uow:
            issued = await self._token_issuer.issue(
                uow, user, request, origin, second_factor_at=session.second_factor_at
            )
            await uow.commit()
        return issued

    async def authenticate(self, name_or_email: str, password: str, origin: Origin | None = None) -> Authenticated:
        """Return the account with that username or e-mail and password. Attempts without an origin are not counted.
        Raises `RateLimited`, and `WrongCredentials`, which is equal in text and time for unknown names and wrong
        passwords."""
        login = normalize_login(name_or_email)
        user = None if text_error("username", login, max_length=MAX_EMAIL) else await self._user_reader.by_login(login)
        known = origin is not None and await self._sign_in_guard.admit(login, user.id if user else None, origin)
        form = await find_matching_form(self._passwords, password, user.password_hash if user else None, trusted=known)
        if user is None or form is None:
            logger.warning("sign-in failed", extra=_log_fields(user.id if user else None))
            raise WrongCredentials("no account has this name (or e-mail) and password; check both and try again")
        if form != prepare_password(password):
            await self._rehash(user, prepare_password(password))
        announced = origin if origin and is_announced(user.created_at, self._clock.now(), known=known) else None
        return Authenticated(user, announced)

    async def _rehash(self, known: User, password: str) -> None:
        """Replace the hash of a password that was hashed as typed by that of its prepared form, unless the password was
        changed meanwhile."""
        password_hash = await self._passwords.hash(password, trusted=True)
        async with self._begin() as uow:
            user = await uow.users.get(known.id)
            if user is not None and user.password_hash == known.password_hash:
                await uow.users.save(replace(user, password_hash=password_hash))
                await uow.commit()

    async def session(self, secret: str) -> Session:
        """Return the session of this token. Raises `NotSignedIn` or `TokenExpired`."""
        session = await self._token_reader.by_hash(token_hash(secret))
        if session is None:
            raise NotSignedIn("the token is unknown or was revoked; sign in again for a new one")
        if session.expires_at <= self._clock.now():
            raise TokenExpired(
                f"the token expired at {session.expires_at.isoformat()}; sign in again for a new one",
                expired_at=session.expires_at.isoformat(),
            )
        self._token_uses.add(session.token_id)
        return withhold_rights(session, self._requirement)

    async def filter_valid(self, tokens: Collection[TokenId]) -> Collection[TokenId]:
        """Return those of the tokens that are still valid; for connections that outlive the check of their session."""
        return await self._token_reader.filter_valid(tokens, self._clock.now())

    async def tokens(self, user_id: UserId, page: PageRequest) -> Page[Token]:
        """Return the user's own valid tokens, newest first."""
        return await self._token_reader.of_user(user_id, self._clock.now(), page)

    async def revoke(self, user_id: UserId, token_id: TokenId) -> None:
        """Revoke one session. Raises `NotFound`."""
        async with self._begin() as uow:
            if not await uow.tokens.delete(token_id, user_id):
                raise NotFound("session not found; it may have ended already; see the list of your sessions")
            await uow.commit()
        logger.info("session ended", extra=_log_fields(user_id))

    async def revoke_all(self, user_id: UserId) -> None:
        """Revoke all sessions, including the current one."""
        async with self._begin() as uow:
            await uow.tokens.delete_others(user_id, keep=None)
            await uow.commit()
        logger.info("all sessions ended", extra=_log_fields(user_id))

    async def change_password(self, session: Session, current: str, new: str) -> None:
        """Replace the user's own password. Every other session ends, and links in e-mails become invalid. Raises
        `WrongCredentials`, `RateLimited`."""
        NewPassword(new, field_name="new")
        known = await self.confirm_password(session.user_id, current)
        chosen = NewPassword(new, field_name="new", names=known.names)
        password_hash = await self._passwords.hash(chosen.value, trusted=True)
        async with self._begin() as uow:
            user = await uow.users.get(session.user_id)
            if user is None:
                raise UserNotFound
            await uow.users.save(replace(user, password_hash=password_hash))
            await uow.tokens.delete_others(session.user_id, keep=session.token_id)
            await uow.email_links.delete_all(session.user_id)
            await queue_notice(uow, self._ids, self._clock.now(), EmailKind.PASSWORD_CHANGED, user)
            await uow.commit()
        logger.info("password changed", extra=_log_fields(session.user_id))

    async def confirm_password(self, user_id: UserId, password: str) -> User:
        """Check the password of a signed-in user, and return the user. Raises `WrongCredentials`, `RateLimited`."""
        async with self._begin() as uow:
            user = await uow.users.get(user_id)
        if user is None:
            raise UserNotFound
        await self._sign_in_guard.admit_confirmation(user_id)
        if await find_matching_form(self._passwords, password, user.password_hash, trusted=True) is None:
            logger.warning("wrong password of a signed-in user", extra=_log_fields(user_id))
            raise WrongCredentials("the current password is wrong", field="current")
        return user

    async def confirm_session(self, session: Session, password: str) -> None:
        """Let the session change second factors for `CONFIRMATION_LIFETIME`. Raises `WrongCredentials`,
        `RateLimited`."""
        await self.confirm_password(session.user_id, password)
        async with self._begin() as uow:
            await uow.tokens.confirm(session.token_id, self._clock.now(), second_factor=False)
            await uow.commit()

    async def forget_origins(self) -> int:
        """Delete devices and addresses of sign-ins older than `ORIGIN_RETENTION`. Return their number."""
        async with self._begin() as uow:
            count = await uow.tokens.forget_origins(self._clock.now() - ORIGIN_RETENTION)
            await uow.commit()
        return count

    async def delete_expired(self) -> int:
        """Delete tokens a week after their expiry (until then their error differs from that of unknown tokens). Return
        their number."""
        async with self._begin() as uow:
            count = await uow.tokens.delete_expired(self._clock.now() - timedelta(days=7))
            await uow.commit()
        return count


def _log_fields(user_id: UserId | None) -> dict[str, object]:
    """Return the fields of a log line. Names are left out, because users sometimes type passwords into that field."""
    return {"user": str(user_id) if user_id else None}
